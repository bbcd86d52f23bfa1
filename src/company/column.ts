import type { CodeList } from '../core/figures/codes.ts';

/**
 * What a column holds:
 *
 * - `key`, `reference`: text or a whole number that identifies a row; compared as the source's database compares it
 * - `text`: any text, as it stands
 * - `label`: text without surrounding blanks
 * - `code`: one of a list of codes, or text outside the list
 * - `numeric-code`: a whole number that stands for a name
 * - `money`: BRL with two decimals
 * - `quantity`: a whole number that is added up
 * - `instant`: a moment in UTC
 * - `duration`: a length of time below 24 hours
 * - `flag`: yes or no
 */
export type ColumnKind =
  | 'key'
  | 'reference'
  | 'text'
  | 'label'
  | 'code'
  | 'numeric-code'
  | 'money'
  | 'quantity'
  | 'instant'
  | 'duration'
  | 'flag';

/** Maps a code column's text to the spelling that is reported. */
export type CodeNames = Pick<CodeList<string>, 'name'>;

/** A value as the mirror stores it. */
export type Cell = string | number | null;

/**
 * A column of a table or a field of a document.
 *
 * `Value` is the type of what the mirror holds: instants are milliseconds since 1970, money is cents, durations are units
 * of 100 ns, flags are 0 or 1.
 */
export interface Column<Value extends Cell = Cell, Kind extends ColumnKind = ColumnKind> {
  readonly kind: Kind;
  /** The column's type in SQL Server, `nvarchar(450)`. */
  readonly sqlType: string;
  /** Whether the database may hold NULL there. */
  readonly nullable: boolean;
  /** Whether a real database may lack the column. */
  readonly optional: boolean;
  readonly unique: boolean;
  /** Whether the mirror stores text; numbers otherwise. */
  readonly isText: boolean;
  /** Stored for a value that the column does not allow. */
  readonly missing: Value;
  /** Of a `code`: the canonical spellings. */
  readonly codes?: CodeNames;
  /** Of numbers: the range that the column's type allows. */
  readonly range?: readonly [least: number, most: number];
}

const INT = [-(2 ** 31), 2 ** 31 - 1] as const;
/** `bigint` has a larger range, but JSON numbers are exact only within this one. */
const BIGINT = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;

function column<Value extends Cell, Kind extends ColumnKind>(
  kind: Kind,
  sqlType: string,
  missing: Value,
  more: Partial<Column<Value, Kind>> = {},
): Column<Value, Kind> {
  return { kind, sqlType, nullable: false, optional: false, unique: false, isText: true, missing, ...more };
}

/** A column that is stored as a number. */
function number<Value extends Cell, Kind extends ColumnKind>(
  kind: Kind,
  sqlType: string,
  missing: Value,
  range?: Column['range'],
): Column<Value, Kind> {
  return column(kind, sqlType, missing, { isText: false, ...(range === undefined ? {} : { range }) });
}

export const textKey = () => column<string, 'key'>('key', 'nvarchar(450)', '');
export const numberKey = () => number<number, 'key'>('key', 'int', 0, INT);
export const textReference = (sqlType = 'nvarchar(450)') =>
  column<string | null, 'reference'>('reference', sqlType, null);
export const numberReference = (sqlType: 'int' | 'bigint' = 'int') =>
  number<number | null, 'reference'>('reference', sqlType, null, rangeOf(sqlType));
export const text = (sqlType: string) => column<string, 'text'>('text', sqlType, '');
export const label = (sqlType: string) => column<string, 'label'>('label', sqlType, '');
export const code = (sqlType: string, codes: CodeNames) => column<string, 'code'>('code', sqlType, '', { codes });
export const numericCode = () => number<number | null, 'numeric-code'>('numeric-code', 'int', null, INT);
export const money = () => number<number, 'money'>('money', 'decimal(10, 2)', 0);
export const quantity = (sqlType: 'int' | 'bigint' = 'int') =>
  number<number, 'quantity'>('quantity', sqlType, 0, rangeOf(sqlType));
export const instant = () => number<number | null, 'instant'>('instant', 'datetime2', null);
export const duration = () => number<number, 'duration'>('duration', 'time', 0);
export const flag = () => number<number, 'flag'>('flag', 'bit', 0);

/** The database may hold NULL there, which is not a problem of the data. */
export function nullable<Value extends Cell, Kind extends ColumnKind>(
  definition: Column<Value, Kind>,
): Column<Value | null, Kind> {
  return { ...definition, nullable: true, missing: null };
}

/** A real database may lack the column; figures that need it are then unavailable. */
export function optional<Value extends Cell, Kind extends ColumnKind>(
  definition: Column<Value, Kind>,
): Column<Value, Kind> {
  return { ...definition, optional: true };
}

export function unique<Value extends Cell, Kind extends ColumnKind>(
  definition: Column<Value, Kind>,
): Column<Value, Kind> {
  return { ...definition, unique: true };
}

function rangeOf(sqlType: 'int' | 'bigint') {
  return sqlType === 'int' ? INT : BIGINT;
}
