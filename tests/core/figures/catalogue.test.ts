import { describe, expect, test } from 'bun:test';
import { type TSchema, Type } from '@sinclair/typebox';
import { catalogueOf, type FigurePath } from '../../../src/core/figures/catalogue.ts';
import { Count, Days, DayText, Flag, Key, List, Money, Nullable, Text } from '../../../src/core/runtime/schema.ts';

const total = { en: 'Total', pt: 'Total' };
const day = { en: 'Day', pt: 'Dia' };

const Row = Type.Object({
  id: Key('Key', { en: 'Id', pt: 'Código' }, 7),
  Date: DayText('Calendar day', day),
  Amount: Nullable(Money('Amount', { ...total, good: 'up' })),
  Late: Flag('Whether it is late', { en: 'Late', pt: 'Atrasado' }),
});

describe('the catalogue', () => {
  test('has each number by its path, with its title, its unit and its good direction', () => {
    const schema = Type.Object({
      summary: Type.Object({
        Total: Count('All', total),
        Age: Nullable(Days('Age', { en: 'Age', pt: 'Idade', good: 'down' })),
      }),
    });
    expect(catalogueOf('claims', schema)).toEqual({
      figures: [
        { path: 'summary.Total', title: total, unit: 'count', good: 'neither' },
        { path: 'summary.Age', title: { en: 'Age', pt: 'Idade' }, unit: 'days', good: 'down' },
      ],
      lists: [],
    });
  });

  test('has each list by its path, with its columns', () => {
    const title = { en: 'By day', pt: 'Por dia' };
    const list = {
      title,
      columns: [
        { name: 'id', title: { en: 'Id', pt: 'Código' }, kind: 'integer' },
        { name: 'Date', title: day, kind: 'day' },
        { name: 'Amount', title: total, kind: 'number', unit: 'BRL', good: 'up' },
        { name: 'Late', title: { en: 'Late', pt: 'Atrasado' }, kind: 'boolean' },
      ],
    };
    const schema = Type.Object({
      byDay: List(Row, 'By day', title),
      growth: Type.Object({ days: Nullable(List(Row, 'By day', title)) }),
    });
    expect(catalogueOf('claims', schema)).toMatchObject({
      figures: [],
      lists: [
        { path: 'byDay', ...list },
        { path: 'growth.days', ...list },
      ],
    });
  });

  test('leaves out texts and records', () => {
    const schema = Type.Object({
      top: Text('Top', total, 'pix'),
      byMethod: Type.Record(Type.String(), Type.Number()),
    });
    expect(catalogueOf('claims', schema)).toEqual({ figures: [], lists: [] });
  });

  test('types the paths of figures, so that a wrong one does not compile', () => {
    interface Data {
      summary: { Total: number; Age: number | null; top: string };
      byDay: { Amount: number }[];
      byMethod: Record<string, number>;
    }
    const paths: FigurePath<Data>[] = ['summary.Total', 'summary.Age'];
    // @ts-expect-error A text is no figure.
    paths.push('summary.top');
    // @ts-expect-error The numbers of a list are no figures.
    paths.push('byDay.Amount');
    // @ts-expect-error The values of a record are no figures.
    paths.push('byMethod.pix');
    expect(paths).toHaveLength(5);
  });

  const refused: [name: string, schema: TSchema, message: string][] = [
    ['a figure without a title', Type.Object({ a: Count('All') }), 'claims: a has no title'],
    [
      'a figure without a unit',
      Type.Object({ a: Type.Object({ id: Key('Key', total, 7) }) }),
      'claims: a.id has no unit',
    ],
    ['a list without a title', Type.Object({ a: Type.Array(Row) }), 'claims: a has no title'],
    [
      'a column without a title',
      Type.Object({ a: List(Type.Object({ b: Count('All') }), 'All', total) }),
      'claims: a.b has no title',
    ],
    [
      'a list in a list',
      Type.Object({ a: List(Type.Object({ b: List(Row, 'All', total) }), 'All', total) }),
      'claims: a.b is a list in a list',
    ],
  ];
  for (const [name, schema, message] of refused) {
    test(`refuses ${name}`, () => {
      expect(() => catalogueOf('claims', schema)).toThrow(message);
    });
  }
});
