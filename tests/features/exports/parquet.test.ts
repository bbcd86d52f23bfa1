import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { encodeParquet } from '../../../src/features/exports/parquet.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type ColumnOfList, centsOf, type ExportedCompany, exportedCompany } from './exported-company.ts';
import { tableWith } from './some-tables.ts';

const folders = temporaryFolders();
const WITHIN_MS = 30_000;
let duckDb: DuckDBConnection;
let company: ExportedCompany;

beforeAll(async () => {
  duckDb = await (await DuckDBInstance.create(':memory:')).connect();
  company = await exportedCompany();
}, WITHIN_MS);
afterAll(async () => {
  duckDb.closeSync();
  await company.server.stop();
});

/** The types and the rows of a file, each value as text that DuckDB writes. */
async function read(name: string, bytes: Uint8Array) {
  const path = join(folders(), name);
  writeFileSync(path, bytes);
  const types = await duckDb.runAndReadAll(`describe select * from read_parquet('${path}')`);
  const rows = await duckDb.runAndReadAll(`select columns(*)::varchar from read_parquet('${path}')`);
  return {
    types: Object.fromEntries(types.getRows().map(([column, type]) => [String(column), String(type)])),
    rows: rows.getRows().map((row) => row.map((value) => (value === null ? null : String(value)))),
    metadata: Object.fromEntries(
      (await duckDb.runAndReadAll(`select decode(key), decode(value) from parquet_kv_metadata('${path}')`))
        .getRows()
        .map(([key, value]) => [String(key), String(value)]),
    ),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMP WITH TIME ZONE',
  day: 'DATE',
  text: 'VARCHAR',
  month: 'VARCHAR',
  link: 'VARCHAR',
};

function expectedText(value: unknown, { kind, unit }: ColumnOfList): unknown {
  if (value === null || value === undefined) return null;
  if (unit === 'BRL') return centsOf(value);
  if (kind === 'number' || kind === 'integer') return Number(value);
  return kind === 'instant' ? Date.parse(String(value)) : String(value);
}

function foundText(text: string | null | undefined, { kind, unit }: ColumnOfList): unknown {
  if (text === null || text === undefined) return null;
  if (unit === 'BRL') return centsOf(text);
  if (kind === 'number' || kind === 'integer') return Number(text);
  return kind === 'instant' ? Date.parse(text.replace(' ', 'T').replace(/\+00$/, 'Z')) : text;
}

describe('a Parquet file that DuckDB reads', () => {
  test(
    'of every list of every feature has its types, and its values to the cent',
    async () => {
      await duckDb.run("set timezone = 'UTC'");
      for (const { feature, path, columns, rows } of company.lists) {
        const { name, bytes } = await company.download(feature, `format=parquet&part=${path}`);
        const file = await read(name, bytes);
        const types = columns.map((column) => [
          column.name,
          column.unit === 'BRL' ? 'DECIMAL(18,2)' : TYPES[column.kind],
        ]);
        expect(file.types).toEqual(Object.fromEntries(types));
        expect(file.rows.map((row) => columns.map((column, index) => foundText(row[index], column)))).toEqual(
          rows.map((row) => columns.map((column) => expectedText(row[column.name], column))),
        );
      }
    },
    WITHIN_MS,
  );

  test('of figures has each with its unit, and sums of money are exact', async () => {
    const { name, bytes } = await company.download('financial', 'format=parquet&part=figures');
    const { types, rows, metadata } = await read(name, bytes);
    expect(types).toEqual({ key: 'VARCHAR', title: 'VARCHAR', value: 'DECIMAL(18,2)', unit: 'VARCHAR' });
    const served: { TotalRevenue: number } = JSON.parse(
      await (await fetch(`${company.server.url}/api/financial/revenue`)).text(),
    );
    const revenue = rows.find(([key]) => key === 'financial.revenue.TotalRevenue');
    expect(centsOf(revenue?.[2])).toBe(centsOf(served.TotalRevenue));
    expect(revenue?.[3]).toBe('BRL');
    expect(metadata).toMatchObject({ feature: 'financial', part: 'figures', status: 'live' });
  });

  test('holds cents that doubles do not, nulls, and no rows', async () => {
    // The large ones in cents are beyond what a double holds exactly.
    const amounts = [0.1, 0.2, -0.01, 9_007_199_254_740.93, 450_359_962_737_049.7, Number.MAX_SAFE_INTEGER];
    const rows = amounts.map((amount, id) => ({ id, name: 'a\u0000b\ud800', amount, isOpen: id > 1, at: null }));
    const { rows: found } = await read('amounts.parquet', encodeParquet(tableWith(rows), {}));
    expect(found.map(([, , amount]) => amount)).toEqual([
      '0.10',
      '0.20',
      '-0.01',
      '9007199254740.93',
      '450359962737049.70',
      '9007199254740991.00',
    ]);
    expect(found[0]?.slice(3)).toEqual([null, 'false', null]);
    expect(found[0]?.[1]).toBe('a\u0000b\ufffd');
    const none = await read('none.parquet', encodeParquet(tableWith([]), {}));
    expect(none.rows).toEqual([]);
    expect(none.types).toMatchObject({ amount: 'DECIMAL(18,2)', at: 'TIMESTAMP WITH TIME ZONE' });
  });
});
