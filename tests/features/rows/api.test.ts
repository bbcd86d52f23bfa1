import { expect, test } from 'bun:test';
import { createRowsApi } from '../../../src/features/rows/api.ts';
import { cellsOf } from '../../../src/features/rows/range.ts';

const CELLS = cellsOf({ id: 't', name: 'Receita' }, { row: 0, column: 0 }, { rows: 2, columns: 2 });

test.each([
  [
    'items, as the published API has it',
    {
      items: [
        ['a', 1],
        [true, null],
      ],
    },
  ],
  [
    'cells with more members',
    {
      items: [
        [{ value: 'a', cell_type: 'string' }, { value: 1 }],
        [{ value: true }, {}],
      ],
    },
  ],
  [
    'values',
    {
      values: [
        ['a', 1],
        [true, null],
      ],
    },
  ],
  [
    'a bare list',
    [
      ['a', 1],
      [true, null],
    ],
  ],
])('reads %s', async (_, answer) => {
  const api = createRowsApi({
    ...{ url: 'https://rows.example/v1', key: 'k', spreadsheet: 's', clock: { now: Date.now } },
    fetch: async () => Response.json(answer),
  });
  expect(await api.read(CELLS)).toEqual([
    ['a', 1],
    [true, null],
  ]);
});
