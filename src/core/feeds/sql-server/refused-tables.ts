import type { Connection } from './connection.ts';
import { isRefused } from './failures.ts';
import type { KeyedTable } from './found-table.ts';
import type { Look } from './look.ts';

/**
 * Tables of which the server cannot make every value: a view that divides by zero, or that takes text for a number.
 * Found by one pass over each, which sends no row.
 *
 * @throws the driver's error where the server cannot be asked
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
export function withoutTables(look: Look, names: readonly string[]): Look {
  const columns = Object.entries(look.catalog.columns).filter(([name]) => !names.includes(name));
  return {
    ...look,
    catalog: { ...look.catalog, columns: Object.fromEntries(columns) },
    tables: look.tables.filter(({ name }) => !names.includes(name)),
    absent: [...look.absent, ...names],
    refused: look.tables.filter(({ name }) => names.includes(name)),
  };
}
