import { expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { figuresEvent } from '../../../src/core/runtime/figures-event.ts';

const Data = Type.Object({ summary: Type.Object({ total: Type.Integer() }), list: Type.Array(Type.Integer()) });
const data = { summary: { total: 3 }, list: [1, 2] };

test('an event has the named parts of the data, and why it is sent', () => {
  const event = figuresEvent('Update', Data, ['summary']);
  expect([event.target, event.argument(data, 'Manual')]).toEqual(['Update', { summary: { total: 3 }, type: 'Manual' }]);
});

test('its argument fits its schema, and a part that is missing does not', () => {
  const { schema, argument } = figuresEvent('Update', Data, ['summary', 'list']);
  expect(Value.Check(schema, argument(data, 'Auto'))).toBe(true);
  expect(Value.Check(schema, { summary: data.summary, type: 'Auto' })).toBe(false);
});
