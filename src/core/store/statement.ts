import type { WriteStatement } from '../sources/sql/sqlite/messages.ts';

/** A statement of the store's own; nobody watches its tables. */
export function statement(sql: string, parameters: readonly (string | number)[]): WriteStatement {
  return { sql, parameters, table: 'store' };
}

export function isRow(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === 'object' && row !== null;
}
