import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { notificationRule } from '../../../src/core/runtime/notification-rule.ts';
import { snapshotOf } from '../../support/snapshot-of.ts';

const grew = notificationRule({
  name: 'grew',
  memory: Type.Object({ value: Type.Integer() }),
  remember: ({ value }: { readonly value: number }) => ({ value }),
  occurrences: (before, { data, seq }) =>
    data.value > before.value
      ? [{ key: `${seq}`, severity: 'info', title: 'It grew', message: `from ${before.value}`, data: {} }]
      : [],
});

describe('a rule', () => {
  test('compares the next snapshot with what it remembered of the one before', () => {
    const first = grew.compare(undefined, snapshotOf({ value: 1 }, 7));
    expect(first).toEqual({ memory: '{"value":1}', occurrences: [] });
    const second = grew.compare(first.memory, snapshotOf({ value: 2 }, 8));
    expect(second.occurrences).toEqual([{ key: '8', severity: 'info', title: 'It grew', message: 'from 1', data: {} }]);
    expect(grew.compare(second.memory, snapshotOf({ value: 2 }, 8)).occurrences).toEqual([]);
  });

  test.each([['not JSON'], ['{"value":"1"}'], ['{}'], ['null'], ['[]'], ['']])(
    'takes a memory of another shape, %p, for none',
    (memory) => {
      expect(grew.compare(memory, snapshotOf({ value: 2 }))).toEqual({ memory: '{"value":2}', occurrences: [] });
    },
  );
});
