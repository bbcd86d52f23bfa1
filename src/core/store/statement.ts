/** A statement of the store and its parameters. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

export function statement(sql: string, parameters: readonly (string | number)[] = []): Statement {
  return { sql, parameters };
}

export type StoredRow = Readonly<Record<string, unknown>>;

export function isRow(row: unknown): row is StoredRow {
  return typeof row === 'object' && row !== null;
}
