import { describe, expect, test } from 'bun:test';
import { type Static, Type } from '@sinclair/typebox';
import { catalogueOf } from '../../../src/core/figures/catalogue.ts';
import {
  type FigureGroupPath,
  type ListPath,
  type SheetDefinition,
  sheetsOf,
} from '../../../src/core/figures/sheet.ts';
import { valueAt } from '../../../src/core/figures/value-at.ts';
import { Count, List, Nullable, Text } from '../../../src/core/runtime/schema.ts';

const title = { en: 'Title', pt: 'Título' };
const Row = Type.Object({ Name: Text('Name', title, 'a') });
const Data = Type.Object({
  summary: Type.Object({ Total: Count('Total', title), Open: Nullable(Count('Open', title)), Top: Type.String() }),
  growth: Type.Object({ Days: List(Row, 'Days', title), Summary: Type.Object({ Added: Count('Added', title) }) }),
  logs: Nullable(List(Row, 'Logs', title)),
  byMethod: Type.Record(Type.String(), Type.Number()),
});
type Data = Static<typeof Data>;
const catalogue = catalogueOf('trial', Data);

const sheets = (...definitions: SheetDefinition<Data>[]) => sheetsOf('trial', catalogue, definitions);

describe('sheets', () => {
  test('take their lists and figures from the catalogue', () => {
    const [figures, list, inner] = sheets(
      { name: 'KPIs', figures: ['summary', 'growth.Summary'] },
      { name: 'Logs', list: 'logs' },
      { name: 'Days', list: 'growth.Days' },
    );
    const paths = ['summary.Total', 'summary.Open', 'growth.Summary.Added'];
    expect(figures).toEqual({
      name: 'KPIs',
      figures: paths.map((path) => ({ path, title, unit: 'count', good: 'neither' })),
    });
    expect(list).toMatchObject({ name: 'Logs', list: { path: 'logs' } });
    expect(inner).toMatchObject({ name: 'Days', list: { path: 'growth.Days' } });
  });

  test('with paths that do not exist do not compile', () => {
    const group: FigureGroupPath<Data> = 'growth';
    const list: ListPath<Data> = 'growth.Days';
    expect(sheets({ name: 'a', figures: [group] }, { name: 'b', list })).toHaveLength(2);
    // @ts-expect-error: a list is no group of figures
    expect(() => sheets({ name: 'a', figures: ['logs'] })).toThrow('trial: a names no figures: logs');
    // @ts-expect-error: a figure is no group of figures
    expect(() => sheets({ name: 'a', figures: ['summary.Total'] })).toThrow('a names no figures');
    // @ts-expect-error: an object is no list
    expect(() => sheets({ name: 'a', list: 'summary' })).toThrow('trial: the sheet a names no list: summary');
    // @ts-expect-error: the keys of a record are data
    expect(() => sheets({ name: 'a', figures: ['byMethod'] })).toThrow('a names no figures');
  });

  test('with one name are refused', () => {
    expect(() => sheets({ name: 'a', list: 'logs' }, { name: 'a', figures: ['summary'] })).toThrow(
      'trial: two sheets are called a',
    );
  });
});

test('a value is found by its path', () => {
  const data = { summary: { Total: 3, Open: null }, list: [1] };
  expect(valueAt(data, 'summary.Total')).toBe(3);
  expect(valueAt(data, 'summary.Open')).toBeNull();
  expect(valueAt(data, 'list')).toEqual([1]);
  for (const path of ['summary.Closed', 'summary.Total.x', 'none', 'constructor', 'summary.Open.x']) {
    expect(valueAt(data, path)).toBeUndefined();
  }
  expect(valueAt(null, 'summary')).toBeUndefined();
});
