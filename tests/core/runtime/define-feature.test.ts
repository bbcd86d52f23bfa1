import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { EXACT_KEYS } from '../../../src/core/mirror/catalog.ts';
import { mirrorIndex } from '../../../src/core/mirror/mirror-object.ts';
import { createReader } from '../../../src/core/mirror/reader.ts';
import { defineFeature, parts } from '../../../src/core/runtime/define-feature.ts';
import { Count } from '../../../src/core/runtime/schema.ts';

const definition = {
  name: 'claims',
  title: { en: 'Claims', pt: 'Reclamações' },
  description: 'Disputes',
  source: 'documents',
  reads: { Claims: ['Id', 'Status'], Payments: ['Id'] },
  schema: Type.Object({
    claims: Count('Claims', { en: 'Claims', pt: 'Reclamações' }),
    now: Count('Now', { en: 'Now', pt: 'Agora' }),
  }),
  headlines: ['claims'],
  parts: [],
  hub: { events: [] },
} as const;

describe('a feature', () => {
  test('reads the tables and columns that its definition names, with nothing beside them unless told', () => {
    const feature = defineFeature({ ...definition, figures: () => ({ data: { claims: 0, now: 0 }, unavailable: [] }) });
    expect(feature).toMatchObject({ name: 'claims', source: 'documents', reads: definition.reads });
    expect([feature.objects, feature.questions]).toEqual([[], []]);
  });

  test('has the catalogue that follows from its schema, and the headlines of its definition', () => {
    const feature = defineFeature({ ...definition, figures: () => ({ data: { claims: 0, now: 0 }, unavailable: [] }) });
    expect(feature.catalogue.figures.map(({ path, title }) => [path, title.pt])).toEqual([
      ['claims', 'Reclamações'],
      ['now', 'Agora'],
    ]);
    expect(feature.headlines).toEqual(['claims']);
  });

  test('has the rollups and indexes of its definition, in their order', () => {
    const objects = [mirrorIndex('b', 'Claims', '"Status"'), mirrorIndex('a', 'Payments', '"Id"')];
    const figures = () => ({ data: { claims: 0, now: 0 }, unavailable: [] });
    expect(defineFeature({ ...definition, objects, figures }).objects).toEqual(objects);
  });

  test('computes its figures from one moment of the mirror', () => {
    const reader = createReader(new Database(':memory:'), { keys: EXACT_KEYS, columns: { Claims: ['Id'] } });
    const feature = defineFeature({
      ...definition,
      figures: (from, { now, calendar }) => ({
        data: { claims: from.has('Claims', 'Status') ? 1 : 0, now: now + calendar.timeZone.length },
        unavailable: [{ figure: 'claims', column: 'Claims.Status' }],
      }),
    });
    expect(feature.figures(reader, { now: 42, calendar: createCalendar('UTC') })).toEqual({
      data: { claims: 0, now: 45 },
      unavailable: [{ figure: 'claims', column: 'Claims.Status' }],
    });
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
