import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { codeList, foldText, mergeByCode, numericCode } from '../../../src/core/figures/codes.ts';

const statuses = codeList({ approved: ['aprovado'], pending: ['pendente'], in_mediation: ['em disputa'] });

describe('a list of codes', () => {
  test.each([
    ['approved', 'approved'],
    ['APPROVED', 'approved'],
    ['  Approved\t', 'approved'],
    ['aprovado', 'approved'],
    [' Em Disputa ', 'in_mediation'],
  ])('reads %p as %p', (raw, code) => {
    expect<string | undefined>(statuses.find(raw)).toBe(code);
    expect(statuses.name(raw)).toBe(code);
  });

  test.each([
    ['Outro', 'Outro'],
    ['  zz top ', 'zz top'],
    ['app roved', 'app roved'],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
    ['', ''],
    ['   ', ''],
    [null, ''],
  ])('keeps %p, which is none of them, as %p', (raw, name) => {
    expect(statuses.find(raw)).toBeUndefined();
    expect(statuses.name(raw)).toBe(name);
  });

  test('tells its canonical spellings in their order', () => {
    expect(statuses.codes).toEqual(['approved', 'pending', 'in_mediation']);
  });

  test('names a name as itself', () => {
    fc.assert(fc.property(fc.string(), (raw) => expect(statuses.name(statuses.name(raw))).toBe(statuses.name(raw))));
  });
});

describe('a numeric code', () => {
  test('has its name, or its digits outside the list', () => {
    const names = ['Novo', 'EmAnalise'];
    expect([0, 1, 2, -1, 99].map((code) => numericCode(names, code))).toEqual(['Novo', 'EmAnalise', '2', '-1', '99']);
  });
});

describe('merging by code', () => {
  interface Row {
    readonly text: string;
    readonly count: number;
  }
  const merge = (rows: readonly Row[]) =>
    mergeByCode(
      rows,
      ({ text }) => statuses.name(text),
      () => 0,
      (total, { count }) => total + count,
    );
  const sorted = (groups: Map<string, number>) => [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  const rows = fc.array(
    fc.record({
      text: fc.oneof(
        fc.constantFrom(
          'approved',
          ' Aprovado',
          'outro',
          'Outro',
          'OUTRO ',
          'NÃO',
          'não',
          'Não ',
          '',
          ' ',
          '__proto__',
        ),
        fc.string({ maxLength: 3 }),
      ),
      count: fc.nat(100),
    }),
    { maxLength: 30 },
  );

  test('adds up spellings of one code', () => {
    const groups = merge([
      { text: 'Approved', count: 1 },
      { text: 'pending', count: 10 },
      { text: 'aprovado ', count: 2 },
    ]);
    expect([...groups]).toEqual([
      ['approved', 3],
      ['pending', 10],
    ]);
  });

  test('reports a group outside the list under the spelling first in code-unit order', () => {
    expect([
      ...merge([
        { text: 'outro', count: 1 },
        { text: ' OUTRO', count: 2 },
        { text: 'Outro', count: 4 },
      ]),
    ]).toEqual([['OUTRO', 7]]);
  });

  test('of nothing is nothing', () => {
    expect(merge([]).size).toBe(0);
  });

  test('does not depend on the order of rows', () => {
    const orders = rows.chain((given) =>
      fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length })),
    );
    fc.assert(
      fc.property(orders, ([one, other]) => {
        expect(sorted(merge(one))).toEqual(sorted(merge(other)));
      }),
    );
  });

  test('drops no row, counts none twice, and leaves no two groups that are the same code', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const groups = merge(given);
        const total = given.reduce((sum, { count }) => sum + count, 0);
        expect([...groups.values()].reduce((sum, count) => sum + count, 0)).toBe(total);
        const folds = [...groups.keys()].map(foldText);
        expect(new Set(folds).size).toBe(folds.length);
        expect(new Set(folds)).toEqual(new Set(given.map(({ text }) => foldText(statuses.name(text)))));
      }),
    );
  });
});
