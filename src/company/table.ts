import type { Cell, Column } from './column.ts';

/** Where rows come from: SQL Server, or MongoDB. */
export type SourceName = 'sql' | 'documents';

export type Columns = Readonly<Record<string, Column>>;

/** A table of SQL Server or a collection of MongoDB. */
export interface Table<Name extends string = string, Of extends Columns = Columns> {
  readonly name: Name;
  readonly source: SourceName;
  readonly columns: Of;
  /** Name of the key column. */
  readonly key: string;
  /** Whether a real database may lack the table. */
  readonly optional: boolean;
  /** Indexed columns of the back end, besides its keys. */
  readonly indexes: readonly string[];
  /** Rows whose `column` is older than this are dropped; null keeps all. */
  readonly keptFor: { readonly column: string; readonly milliseconds: number } | null;
}

/** A row in the mirror. A text key or reference has its original spelling in a second column, `…Written`. */
export type RowOf<Of extends Columns> = { [Name in keyof Of]: ValueOf<Of[Name]> } & {
  [Name in TextKeysOf<Of> as `${Name}Written`]: string | null;
};

type ValueOf<Of> = Of extends Column<infer Value> ? Value : never;
type TextKeysOf<Of extends Columns> = {
  [Name in keyof Of & string]: Of[Name]['kind'] extends 'key' | 'reference'
    ? string extends ValueOf<Of[Name]>
      ? Name
      : never
    : never;
}[keyof Of & string];

export function table<Name extends string, Of extends Columns>(
  name: Name,
  columns: Of,
  indexes: readonly (keyof Of & string)[] = [],
): Table<Name, Of> {
  return { name, source: 'sql', columns, key: keyOf(columns), optional: false, indexes, keptFor: null };
}

export function collection<Name extends string, Of extends Columns>(
  name: Name,
  columns: Of,
  options: Partial<Pick<Table, 'optional' | 'keptFor'>> = {},
): Table<Name, Of> {
  return {
    name,
    source: 'documents',
    columns,
    key: keyOf(columns),
    optional: false,
    indexes: [],
    keptFor: null,
    ...options,
  };
}

function keyOf(columns: Columns): string {
  const key = Object.entries(columns).find(([, { kind }]) => kind === 'key');
  if (key === undefined) throw new TypeError('A table needs a key');
  return key[0];
}

/** Whether the mirror keeps a column's original spelling besides the compared one. */
export function hasSpelling({ kind, isText }: Column<Cell>): boolean {
  return isText && (kind === 'key' || kind === 'reference');
}
