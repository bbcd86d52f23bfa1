import type { Column } from '../../company/column.ts';
import type { Tables } from '../../company/tables.ts';

/** The tables of SQL Server. */
export type TableName = Exclude<keyof Tables, 'support_tickets' | 'logs'>;

/** What SQLite keeps for a column: money and flags as numbers, instants and lengths of time as text. */
type Stored<Of> =
  Of extends Column<infer Value, infer Kind>
    ? Kind extends 'instant'
      ? string | null
      : Kind extends 'duration'
        ? string
        : Value
    : never;

/** A row as SQLite keeps it. */
export type StoredRow<Table extends TableName> = {
  [Column in keyof Tables[Table]['columns']]: Stored<Tables[Table]['columns'][Column]>;
};

/** A value of a row, as SQLite takes it. */
export type StoredValue = string | number | null;

/** Takes the rows of a table in the order of their keys, one by one. */
export type RowSink<Table extends TableName> = (row: StoredRow<Table> & Readonly<Record<string, StoredValue>>) => void;
