import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { encodeCsv } from '../../../src/features/exports/csv.ts';
import { encodeXlsx } from '../../../src/features/exports/xlsx.ts';
import {
  CSV_FILTERS,
  libreOfficeMissing,
  type OfficeCell,
  type OfficeSheet,
  readWithLibreOffice,
} from '../../support/libre-office.ts';
import {
  type ColumnOfList,
  centsOf,
  type ExportedCompany,
  exportedCompany,
  type ServedList,
} from './exported-company.ts';
import { tableWith } from './some-tables.ts';

const skipped = libreOfficeMissing === null ? '' : ` (skipped: ${libreOfficeMissing})`;
const unlessMissing = test.skipIf(libreOfficeMissing !== null);
const WITHIN_MS = 60_000;

let company: ExportedCompany;
beforeAll(async () => {
  company = await exportedCompany();
});
afterAll(() => company.server.stop());

/** What a cell must show, computed from the snapshot. */
function expectedCell(value: unknown, { kind, unit }: ColumnOfList): unknown {
  if (value === null || value === undefined) return null;
  if (unit === 'BRL') return { type: 'currency', cents: centsOf(value) };
  if (unit === 'percent') return { type: 'percentage', cents: centsOf(value) };
  if (kind === 'integer' || kind === 'number') return { type: 'float', value: Number(value) };
  if (kind === 'boolean') return { type: 'boolean', value: String(value) };
  if (kind === 'day') return { type: 'date', value };
  if (kind === 'month') return { type: 'date', value: `${value}-01` };
  if (kind === 'instant') return { type: 'date', value: clockInSaoPaulo(String(value)) };
  return { type: 'string', value };
}

const CLOCK = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'America/Sao_Paulo',
});
const clockInSaoPaulo = (instant: string) => CLOCK.format(new Date(instant)).replace(' ', 'T');

/** What LibreOffice says that a cell is, in the same form. */
function foundCell(cell: OfficeCell | undefined, { kind, unit }: ColumnOfList): unknown {
  if (cell === undefined || cell.type === null) return null;
  const { type, value } = cell;
  if (unit === 'BRL') return { type, cents: centsOf(Number(value).toFixed(2)) };
  if (unit === 'percent') return { type, cents: centsOf((Number(value) * 100).toFixed(2)) };
  if (kind === 'integer' || kind === 'number') return { type, value: Number(value) };
  // In its own format, which has no views here, LibreOffice writes the booleans of a workbook as 0 and 1.
  if (kind === 'boolean') return { type: 'boolean', value: type === 'float' ? String(value === '1') : value };
  if (kind === 'instant') return { type, value: value.slice(0, 19) };
  return { type, value };
}

function expectRows(sheet: OfficeSheet | undefined, list: ServedList): void {
  const [head = [], ...rows] = sheet?.rows ?? [];
  expect(head.map(({ value }) => value)).toEqual(list.columns.map(({ title }) => title.pt));
  expect(rows.length).toBe(list.rows.length);
  for (const [index, row] of list.rows.entries()) {
    const cells = rows[index] ?? [];
    expect(list.columns.map((column, at) => foundCell(cells[at], column))).toEqual(
      list.columns.map((column) => expectedCell(row[column.name], column)),
    );
  }
}

describe('a workbook that LibreOffice opens', () => {
  unlessMissing(
    `holds every list of every feature, typed, to the cent${skipped}`,
    async () => {
      const features = [...new Set(company.lists.map(({ feature }) => feature))];
      expect(features).toHaveLength(7);
      const files = await Promise.all(features.map((feature) => company.download(feature, 'format=xlsx')));
      const workbooks = await readWithLibreOffice(files);
      for (const [index, feature] of features.entries()) {
        const sheets = workbooks[index] ?? [];
        const lists = company.lists.filter((list) => list.feature === feature);
        const titles = lists.map(({ title }) => title.pt.slice(0, 31).trim());
        expect(sheets.map((sheet) => sheet.name)).toEqual(['Indicadores', ...titles]);
        for (const [at, list] of lists.entries()) expectRows(sheets[at + 1], list);
      }
    },
    WITHIN_MS,
  );

  unlessMissing(
    `shows hostile texts as they are, and runs none of them${skipped}`,
    async () => {
      const texts = [
        '=1+1',
        '=cmd|"/c calc"!A1',
        '-1',
        '@SUM(A1)',
        '<b>&amp;"\'',
        ' two  blanks ',
        'ação 😀',
        '_x0041_',
      ];
      const rows = texts.map((name, id) => ({ id, name, amount: -0.01 }));
      const bytes = await encodeXlsx([tableWith(rows)], 'America/Sao_Paulo');
      const [[sheet] = []] = await readWithLibreOffice([{ name: 'hostile.xlsx', bytes }]);
      const cells = (sheet?.rows ?? []).slice(1);
      expect(cells.map(([, cell]) => cell)).toEqual(
        texts.map((value) => ({ type: 'string', value, formula: undefined })),
      );
      expect(cells.map(([, , cell]) => cell?.value)).toEqual(texts.map(() => '-0.01'));
    },
    WITHIN_MS,
  );
});

describe.each(['rfc4180', 'excel-pt-br'] as const)('CSV in the dialect %s that LibreOffice opens', (dialect) => {
  unlessMissing(
    `has numbers that are numbers, to the cent, and no formulas${skipped}`,
    async () => {
      const rows = [
        { id: 1, name: '=1+1', amount: -1234.5, share: 12.34 },
        { id: 2, name: '-5', amount: 0.07, share: 0 },
        { id: 3, name: 'two\nlines; "quoted", with commas', amount: 1_000_000.01, share: 100 },
        { id: 4, name: ' +1', amount: null, share: null },
      ];
      const bytes = encodeCsv(tableWith(rows), dialect);
      const [[sheet] = []] = await readWithLibreOffice([{ name: 'active.csv', bytes }], CSV_FILTERS[dialect]);
      const cells = (sheet?.rows ?? []).slice(1);
      expect(cells.flat().filter(({ formula }) => formula !== undefined)).toEqual([]);
      expect(cells.map(([id]) => [id?.type, id?.value])).toEqual(rows.map(({ id }) => ['float', String(id)]));
      expect(cells.map(([, name]) => [name?.type, name?.value])).toEqual([
        ['string', "'=1+1"],
        ['string', "'-5"],
        ['string', 'two\nlines; "quoted", with commas'],
        ['string', "' +1"],
      ]);
      const amounts = cells.map(([, , amount]) =>
        amount?.type === 'float' ? centsOf(Number(amount.value).toFixed(2)) : amount?.type,
      );
      expect(amounts).toEqual([-123_450n, 7n, 100_000_001n, undefined]);
      expect(cells.map(([, , , share]) => share?.value)).toEqual(['12.34', '0', '100', undefined]);
    },
    WITHIN_MS,
  );
});
