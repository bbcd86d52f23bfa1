import { MissingFromSourceError } from '../source-errors.ts';
import type { TableName, Tables } from './tables.ts';

/** The tables and columns that a database really has, as `INFORMATION_SCHEMA.COLUMNS` tells them. */
export class ColumnCatalog {
  readonly #columns: ReadonlySet<string>;

  /** @param columns `[table, column]` pairs; names compare without letter case, as SQL Server's do */
  constructor(columns: Iterable<readonly [table: string, column: string]>) {
    this.#columns = new Set([...columns].map(([table, column]) => catalogKey(table, column)));
  }

  has<Table extends TableName>(table: Table, column: keyof Tables[Table] & string): boolean {
    return this.#columns.has(catalogKey(table, column));
  }

  /** @throws MissingFromSourceError naming every required column that is not there, or the table when none is */
  require(requirement: TableRequirement): void {
    const missing: string[] = [];
    for (const [table, columns] of Object.entries(requirement)) {
      const absent = columns.filter((column) => !this.#columns.has(catalogKey(table, column)));
      if (absent.length === columns.length) missing.push(`table ${table}`);
      else missing.push(...absent.map((column) => `column ${table}.${column}`));
    }
    if (missing.length > 0) throw new MissingFromSourceError(missing);
  }
}

/** Required columns by table. Optional ones are asked for with `ColumnCatalog.has`. */
export type TableRequirement = { readonly [Table in TableName]?: readonly (keyof Tables[Table] & string)[] };

function catalogKey(table: string, column: string): string {
  return `${table}.${column}`.toLowerCase();
}
