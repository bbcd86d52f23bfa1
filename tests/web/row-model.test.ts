import { describe, expect, test } from 'bun:test';
import { type RowModelState, rowModel } from '../../src/web/table/row-model.ts';

interface Row {
  readonly name: string;
  readonly amount: number | null;
}

const rows: readonly Row[] = [
  { name: 'Érica', amount: 90 },
  { name: 'ana', amount: 1000 },
  { name: 'Bruno', amount: null },
  { name: 'Zélia', amount: 200.5 },
];
const columns = [
  { id: 'name', value: (row: Row) => row.name, text: (row: Row) => row.name },
  // What is shown sorts otherwise than what it stands for.
  { id: 'amount', value: (row: Row) => row.amount, text: (row: Row) => `R$ ${row.amount ?? '–'}` },
];
const collator = new Intl.Collator('pt-BR');

function view(state: Partial<RowModelState>) {
  const whole = { sorting: undefined, filter: '', pageIndex: 0, pageSize: 25, ...state };
  return rowModel(rows, columns, whole, collator);
}

function names(state: Partial<RowModelState>): string[] {
  return view(state).all.map(({ name }) => name);
}

describe('rows of a table', () => {
  test('stay as they come unless they are sorted', () => {
    expect(names({})).toEqual(['Érica', 'ana', 'Bruno', 'Zélia']);
  });

  test('are sorted on raw values, those without one smallest', () => {
    expect(names({ sorting: { id: 'amount', descending: false } })).toEqual(['Bruno', 'Érica', 'Zélia', 'ana']);
    expect(names({ sorting: { id: 'amount', descending: true } })).toEqual(['ana', 'Zélia', 'Érica', 'Bruno']);
  });

  test('are sorted as the language sorts names', () => {
    expect(names({ sorting: { id: 'name', descending: false } })).toEqual(['ana', 'Bruno', 'Érica', 'Zélia']);
  });

  test('are found in any column, without accents and letter case', () => {
    expect(names({ filter: ' ZELIA ' })).toEqual(['Zélia']);
    expect(names({ filter: '200.5' })).toEqual(['Zélia']);
    expect(names({ filter: 'nobody' })).toEqual([]);
  });

  test('are paged, and a page that is gone becomes the last one', () => {
    const second = view({ pageSize: 3, pageIndex: 1 });
    expect(second.page.map(({ name }) => name)).toEqual(['Zélia']);
    expect(second.pageCount).toBe(2);
    expect(view({ pageSize: 3, pageIndex: 9 }).pageIndex).toBe(1);
    expect(view({ pageSize: 3, pageIndex: 1, filter: 'ana' }).page.map(({ name }) => name)).toEqual(['ana']);
  });
});
