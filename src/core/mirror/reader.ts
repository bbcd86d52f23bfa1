import type { Database } from 'bun:sqlite';
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Rows, TableName } from '../../company/tables.ts';
import type { Span } from '../figures/span.ts';
import type { Catalog, TableColumns } from './catalog.ts';
import { rollupKey } from './expression.ts';
import type { Problem } from './problem.ts';
import { problemsOf } from './read-problems.ts';
import type { Rollup } from './rollup.ts';
import { rowCount } from './store-tables.ts';
import { windowTotals } from './window-totals.ts';

/** Reads one consistent state of the mirror: all figures of a refresh come from the same rows. */
export interface MirrorReader {
  /** Whether the source has an optional column. */
  has(table: TableName, column: string): boolean;
  /** Whether the source has an optional table. */
  hasTable(table: TableName): boolean;
  /** How many rows a table has; 0 for a missing one. */
  count(table: TableName): number;
  /** Every row of a rollup. */
  rows<Row>(rollup: Rollup<Row>): Row[];
  /**
   * Totals of an hourly rollup in spans of time, exact to the millisecond. Whole hours come from the rollup, partial hours
   * from the rows, by index.
   *
   * @returns a row for each group in each span that has rows; `span` is the index of the span
   */
  totals<Row>(rollup: Rollup<Row>, spans: readonly Span[]): (Omit<Row, 'hour'> & { readonly span: number })[];
  /** Runs a query of `tables()`. */
  all<Row>(query: Compilable<Row>): Row[];
  /** Builds queries on the mirror's tables, and on the rollups and derived tables that are named in the type. */
  tables<Objects = unknown>(): Pick<Kysely<Rows & Objects>, 'selectFrom' | 'with' | 'fn'>;
  /** Problems of the data in these columns. */
  problems(columns: TableColumns): Problem[];
}

/** Compiles queries without running them. */
const compiler = <Schema>() =>
  new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });

export function createReader(database: Database, catalog: Catalog): MirrorReader {
  return {
    has: (table, column) => catalog.columns[table]?.includes(column) ?? false,
    hasTable: (table) => catalog.columns[table] !== undefined,
    count: (table) => rowCount(database, table),
    rows<Row>({ name, by, sums }: Rollup<Row>) {
      const columns = [...by.map(rollupKey), '"count"', ...sums.map((sum) => `"${sum}"`)];
      return database.query<Row, []>(`select ${columns.join(', ')} from "${name}"`).all();
    },
    totals: (rollup, spans) => windowTotals(database, rollup, spans),
    all<Row>(query: Compilable<Row>) {
      const { sql, parameters } = query.compile();
      return database.query<Row, Bindable[]>(sql).all(...parameters.map(bindable));
    },
    tables: <Objects>() => compiler<Rows & Objects>(),
    problems: (columns) => problemsOf(database, catalog, columns),
  };
}

type Bindable = string | number | null;

function bindable(value: unknown): Bindable {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`SQLite cannot bind a value of type ${typeof value}`);
}
