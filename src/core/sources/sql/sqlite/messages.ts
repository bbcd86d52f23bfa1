/** Messages between the event loop and the Worker in which SQLite runs. */

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A statement that writes, and the table that it changes. */
export interface WriteStatement extends Statement {
  readonly table: string;
}

export type SqliteRequest =
  | { readonly id: number; readonly kind: 'query'; readonly statement: Statement }
  /** All of them or none. */
  | { readonly id: number; readonly kind: 'write'; readonly statements: readonly WriteStatement[] }
  | { readonly id: number; readonly kind: 'columns' }
  /** Answers one row whose `version` moves when another process wrote to the file. */
  | { readonly id: number; readonly kind: 'version' }
  | { readonly id: number; readonly kind: 'close' };

export type SqliteReply =
  | { readonly kind: 'ready'; readonly description: string }
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly unknown[] }
  | { readonly kind: 'failed'; readonly id: number | null; readonly message: string };
