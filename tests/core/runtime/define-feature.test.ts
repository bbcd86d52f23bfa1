import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { EMPTY } from 'rxjs';
import { defineFeature, parts } from '../../../src/core/runtime/define-feature.ts';
import { told } from '../../../src/core/sources/changes/change-detection.ts';
import { SourceError } from '../../../src/core/sources/source-errors.ts';
import type { SourceBinding, Sources } from '../../../src/core/sources/sources.ts';

const silent = {
  description: 'nothing',
  changes: EMPTY,
  read: () => Promise.reject(new SourceError('not in this test')),
  changeDetection: told,
  close: () => Promise.resolve(),
};
const sources: Sources = { sql: silent, documents: silent };

const Data = Type.Object({ reader: Type.String(), now: Type.Integer() });

function definedWith(read: SourceBinding<string>['read']) {
  return defineFeature({
    name: 'claims',
    title: { en: 'Claims', pt: 'Reclamações' },
    description: 'Disputes',
    binding: { source: 'documents', watches: ['Claims', 'Payments'], read },
    schema: Data,
    parts: [],
    hub: { events: [] },
    load: async (reader, now) => ({ data: { reader, now }, unavailable: [] }),
  });
}

describe('a feature', () => {
  test('is bound to its source, and watches what the binding names', () => {
    const feature = definedWith((_sources, work) => work('reader'));
    expect(feature).toMatchObject({ name: 'claims', source: 'documents', watches: ['Claims', 'Payments'] });
    expect(feature.questions).toEqual([]);
  });

  test('loads through its binding, with the sources, "now" and the signal it is given', async () => {
    const seen: unknown[] = [];
    const feature = definedWith((from, work, signal) => {
      seen.push(from, signal);
      return work('reader');
    });
    const { signal } = new AbortController();
    expect(await feature.load(sources, 42, signal)).toEqual({ data: { reader: 'reader', now: 42 }, unavailable: [] });
    expect(seen).toEqual([sources, signal]);
  });

  test('fails as its binding fails', async () => {
    const feature = definedWith(() => Promise.reject(new SourceError('connection refused')));
    await expect(feature.load(sources, 42, new AbortController().signal)).rejects.toThrow('connection refused');
  });
});

describe('a part', () => {
  const select = ({ total }: { readonly total: number }) => total;

  test('has one route, or several that answer the same', () => {
    expect(parts('summary', 'Key figures', Type.Integer(), select).map(({ path }) => path)).toEqual(['summary']);
    const both = parts(['summary', 'kpis'], 'Key figures', Type.Integer(), select);
    expect(both.map(({ path, summary }) => [path, summary])).toEqual([
      ['summary', 'Key figures'],
      ['kpis', 'Key figures'],
    ]);
    expect(both.map((part) => part.select({ total: 3 }))).toEqual([3, 3]);
  });
});
