/** A statement of the store, with what is bound in it. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

export function statement(sql: string, parameters: readonly (string | number)[]): Statement {
  return { sql, parameters };
}

export function isRow(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === 'object' && row !== null;
}
