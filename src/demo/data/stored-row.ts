import type {
  BitColumn,
  DurationColumn,
  GuidColumn,
  InstantColumn,
  MoneyColumn,
  TableName,
  Tables,
} from '../../core/sources/sql/tables.ts';

/** What SQLite keeps for a column: money and bits as numbers, instants, lengths of time and GUIDs as text. */
type Stored<Column> = Column extends MoneyColumn | BitColumn
  ? number
  : Column extends InstantColumn | DurationColumn | GuidColumn
    ? string
    : Column;

/** A row as SQLite keeps it. */
export type StoredRow<Table extends TableName> = { [Column in keyof Tables[Table]]: Stored<Tables[Table][Column]> };

/** A value of a row, as SQLite takes it. */
export type StoredValue = string | number | null;

/** Takes the rows of a table in the order of their keys, one by one. */
export type RowSink<Table extends TableName> = (row: StoredRow<Table> & Readonly<Record<string, StoredValue>>) => void;
