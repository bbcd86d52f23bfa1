import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Title } from '../../src/core/figures/catalogue.ts';
import { features } from '../../src/features/index.ts';

/**
 * `UPDATE_GOLDEN=1 bun test tests/contract/catalogue.test.ts` writes the file anew; its difference is then what there is to
 * review.
 */
const GOLDEN = join(import.meta.dir, 'golden/catalogue.json');
const Numeric = Type.Object({ type: Type.Union([Type.Literal('integer'), Type.Literal('number')]) });
const Fields = Type.Object({ properties: Type.Record(Type.String(), Type.Unknown()) });
const Rows = Type.Object({ type: Type.Literal('array'), items: Fields });
const Variants = Type.Object({ anyOf: Type.Array(Type.Unknown()) });

/** Every number of a schema by its path, found without what the schema says to the catalogue. Columns are `list[].name`. */
function numbersOf(schema: unknown, path = ''): string[] {
  if (Value.Check(Variants, schema)) return schema.anyOf.flatMap((variant) => numbersOf(variant, path));
  if (Value.Check(Rows, schema)) return numbersOf(schema.items, `${path}[]`);
  if (!Value.Check(Fields, schema)) return Value.Check(Numeric, schema) ? [path] : [];
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    numbersOf(property, path === '' ? name : `${path}.${name}`),
  );
}

function listsOf(schema: unknown, path = ''): [path: string, columns: string[]][] {
  if (Value.Check(Variants, schema)) return schema.anyOf.flatMap((variant) => listsOf(variant, path));
  if (Value.Check(Rows, schema)) return [[path, Object.keys(schema.items.properties)]];
  if (!Value.Check(Fields, schema)) return [];
  return Object.entries(schema.properties).flatMap(([name, property]) =>
    listsOf(property, path === '' ? name : `${path}.${name}`),
  );
}

function repeated(titles: readonly Title[]): string[] {
  return [titles.map(({ en }) => en), titles.map(({ pt }) => pt)].flatMap((words) =>
    words.filter((word, index) => words.indexOf(word) !== index),
  );
}

describe.each(features.map((feature) => [feature.name, feature] as const))('the catalogue of %s', (_name, feature) => {
  const { figures, lists } = feature.catalogue;
  const schema: TSchema = feature.schema;

  test('has every number of the snapshot', () => {
    const columns = lists.flatMap(({ path, columns: own }) =>
      own.filter(({ kind }) => kind === 'integer' || kind === 'number').map(({ name }) => `${path}[].${name}`),
    );
    const known = [...figures.map(({ path }) => path), ...columns].sort();
    expect(known).toEqual(numbersOf(schema).sort());
    expect(figures.length).toBeGreaterThan(3);
  });

  test('has every list of the snapshot, and every column of it', () => {
    expect(lists.map(({ path, columns }) => [path, columns.map(({ name }) => name)])).toEqual(listsOf(schema));
  });

  test('has a title in both languages for everything', () => {
    const titles = [...figures, ...lists, ...lists.flatMap(({ columns }) => columns)].map(({ title }) => title);
    for (const { en, pt } of titles) {
      expect(en).toMatch(/^[A-Z]\S*( \S+)*$/);
      expect(pt).toMatch(/^\p{Lu}\S*( \S+)*$/u);
    }
  });

  test('gives no title twice to figures, to lists, or to columns of a list', () => {
    expect(repeated(figures.map(({ title }) => title))).toEqual([]);
    expect(repeated(lists.map(({ title }) => title))).toEqual([]);
    for (const { columns } of lists) expect(repeated(columns.map(({ title }) => title))).toEqual([]);
  });

  test('has the 4 or 5 headlines of the feature', () => {
    expect(feature.headlines.length).toBeOneOf([4, 5]);
    expect(new Set(feature.headlines).size).toBe(feature.headlines.length);
    for (const headline of feature.headlines) expect(figures.map(({ path }) => path)).toContain(headline);
  });
});

test('the catalogue is the golden one', async () => {
  const whole = features.map(({ name, title, headlines, catalogue }) => ({ name, title, headlines, ...catalogue }));
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') await Bun.write(GOLDEN, text);
  expect(text).toBe(await Bun.file(GOLDEN).text());
});
