import type { Connection } from './connection.ts';
import { isRefused } from './failures.ts';
import type { FoundDatabase } from './found-database.ts';
import type { KeyedTable } from './found-table.ts';

/**
 * Finds tables whose values the server cannot compute, such as a view that divides by zero or casts text to a number. Costs
 * one scan of each table, which returns no row.
 *
 * @throws the driver's error if the server fails
 */
export async function refusedTables(connection: Connection, tables: readonly KeyedTable[]): Promise<string[]> {
  const refused: string[] = [];
  for (const { name, path, columns } of tables) {
    const values = columns.map(({ quoted }) => `t.${quoted}`).join(', ');
    const text = `select checksum_agg(binary_checksum(${values})) from ${path} as t;`;
    try {
      await connection.rows({ text });
    } catch (error) {
      if (!isRefused(error)) throw error;
      refused.push(name);
    }
  }
  return refused;
}

/** The database as if it lacked some of its tables. */
export function withoutTables(database: FoundDatabase, names: readonly string[]): FoundDatabase {
  const columns = Object.entries(database.catalog.columns).filter(([name]) => !names.includes(name));
  return {
    ...database,
    catalog: { ...database.catalog, columns: Object.fromEntries(columns) },
    tables: database.tables.filter(({ name }) => !names.includes(name)),
    absent: [...database.absent, ...names],
    refused: database.tables.filter(({ name }) => names.includes(name)),
  };
}
