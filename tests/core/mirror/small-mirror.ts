import type { Database } from 'bun:sqlite';
import { tables } from '../../../src/company/tables.ts';
import { type Catalog, EXACT_KEYS, type KeyComparison, type MirroredTable } from '../../../src/core/mirror/catalog.ts';
import { MirrorDatabase } from '../../../src/core/mirror/database.ts';
import { derivedTable } from '../../../src/core/mirror/derived-table.ts';
import { relationOf } from '../../../src/core/mirror/expression.ts';
import type { RawRow } from '../../../src/core/mirror/mirror-writer.ts';
import { part, rollup } from '../../../src/core/mirror/rollup.ts';
import { mirrorShape } from '../../../src/core/mirror/store-tables.ts';

/** A mirror of a few tables: keys that are text and numbers, an optional column, rows that are kept for a while. */
export const mirrored = {
  Payments: { table: tables.Payments, columns: ['Id', 'UserId', 'Status', 'Amount', 'UpdatedAt'] },
  Claims: { table: tables.Claims, columns: ['Id', 'ResourceId', 'Status', 'UpdatedAt'] },
  logs: { table: tables.logs, columns: ['_id', 'timestamp', 'level'] },
} satisfies Record<string, MirroredTable>;

export type SmallTable = keyof typeof mirrored;
export const SMALL_TABLES: readonly SmallTable[] = ['Payments', 'Claims', 'logs'];

export const byStatus = rollup(
  'ByStatus',
  part(relationOf(tables.Payments), ({ column }) => ({
    by: { Status: column('Status') },
    sums: { cents: column('Amount') },
  })),
);
const claimPayments = derivedTable<{ Id: number; cents: number }>({
  name: 'ClaimPayments',
  of: 'Claims',
  key: 'Id',
  columns: { Id: 'integer', cents: 'integer' },
  select: `select base.Id, coalesce((select p.Amount from Payments as p where p.Id = base.ResourceId), 0) from Claims as base`,
  follows: { Payments: { columns: ['Id', 'Amount'], affects: 'base.ResourceId = row.Id' } },
});

const smallShape = mirrorShape(Object.values(mirrored), [byStatus, claimPayments]);

/** Everything is there, save the columns that are named `Table.Column`. */
export function catalogWithout(missing: readonly string[] = [], keys: KeyComparison = EXACT_KEYS): Catalog {
  const present = Object.values(mirrored).map(
    ({ table, columns }) =>
      [table.name, columns.filter((column) => !missing.includes(`${table.name}.${column}`))] as const,
  );
  return { keys, columns: Object.fromEntries(present.filter(([name]) => !missing.includes(name))) };
}

export interface OpenedMirror {
  readonly mirror: MirrorDatabase;
  /** What the mirror holds now. */
  database(): Database;
}

export function openSmall(path: string | null = null, shape = smallShape): OpenedMirror {
  let latest: Database | undefined;
  const onOpen = (database: Database) => {
    latest = database;
  };
  const mirror = new MirrorDatabase({ shape, path, onOpen });
  return {
    mirror,
    database() {
      if (latest === undefined) throw new Error('The mirror was never loaded');
      return latest;
    },
  };
}

export type SmallRows = Readonly<Partial<Record<SmallTable, readonly RawRow[]>>>;

/** Loads all of it; tables that are not named have no rows. */
export async function load(mirror: MirrorDatabase, rows: SmallRows, position = '1', catalog = catalogWithout()) {
  mirror.begin('load', catalog);
  for (const table of SMALL_TABLES) mirror.rows(table, rows[table] ?? []);
  return mirror.commit(position);
}

/** Everything that a mirror holds, in an order of its own: tables, rollups, what the door found. */
export function contentOf(database: Database): Readonly<Record<string, readonly string[]>> {
  const of = (name: string, columns = '*') => {
    const rows = database.query(`select ${columns} from "${name}"`).values();
    return rows.map((row) => JSON.stringify(row)).sort();
  };
  const names = [...SMALL_TABLES, ...smallShape.objects.map(({ name }) => name), 'Duplicates'];
  return {
    ...Object.fromEntries(names.map((name) => [name, of(name)])),
    Unreadable: of('Unreadable', '"table", "key", "column"'),
  };
}

/** What a mirror holds that is loaded with these rows at once. */
export async function contentFromScratch(rows: SmallRows, catalog = catalogWithout()) {
  const { mirror, database } = openSmall();
  await load(mirror, rows, '1', catalog);
  const content = contentOf(database());
  mirror.close();
  return content;
}

/** Problems of the data, for a feature that reads everything. */
export function problemsIn(mirror: MirrorDatabase) {
  const columns = Object.fromEntries(Object.values(mirrored).map((each) => [each.table.name, each.columns]));
  return mirror.reader()?.problems(columns) ?? [];
}

export const ROWS_A_BATCH = 200;

/** Rows that bear a number: half of a batch, or a batch with the position of another, is seen. */
export function rowsOfBatch(number: number) {
  const ids = Array.from({ length: ROWS_A_BATCH }, (_, index) => index + 1);
  return {
    Payments: ids.map((id): RawRow => [`p${id}`, `u${number}`, 'approved', number, null]),
    Claims: ids.map((id): RawRow => [id, `p${id}`, number, null]),
  };
}
