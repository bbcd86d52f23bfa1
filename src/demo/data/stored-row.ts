import type { Column } from '../../company/column.ts';
import type { Tables } from '../../company/tables.ts';

/** The tables of SQL Server. */
export type TableName = Exclude<keyof Tables, 'support_tickets' | 'logs'>;

/** The type that SQLite stores for a column: money and flags as numbers, instants and durations as text. */
type Stored<Of> =
  Of extends Column<infer Value, infer Kind>
    ? Kind extends 'instant'
      ? string | null
      : Kind extends 'duration'
        ? string
        : Value
    : never;

/** A row as SQLite stores it. */
export type StoredRow<Table extends TableName> = {
  [Column in keyof Tables[Table]['columns']]: Stored<Tables[Table]['columns'][Column]>;
};

/** A value that SQLite stores. */
export type StoredValue = string | number | null;

/** Receives the rows of a table one by one, in the order of their keys. */
export type RowSink<Table extends TableName> = (row: StoredRow<Table> & Readonly<Record<string, StoredValue>>) => void;
