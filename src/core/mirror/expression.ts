import type { Column } from '../../company/column.ts';
import type { RowOf, Table } from '../../company/table.ts';
import { DAY_MS, HOUR_MS } from '../figures/calendar.ts';

/** A SQL expression over the columns of one row. */
export interface Expression<Value = unknown> {
  readonly columns: readonly string[];
  /** @param row prefix of each column's name: `new.`, `old.` or nothing */
  sql(row: string): string;
  /** Exists only in the type. */
  readonly value?: Value;
}

/** Anything with typed rows: a table of the mirror, a rollup, a derived table. */
export interface Relation<Row> {
  readonly name: string;
  /** Exists only in the type. */
  readonly row?: Row;
}

/** A table of the company as a relation. */
export function relationOf<Of extends Readonly<Record<string, Column>>>(table: Table<string, Of>): Relation<RowOf<Of>> {
  return { name: table.name };
}

/** Starts expressions over the columns of a relation. */
export interface RowExpressions<Row> {
  column<Name extends keyof Row & string>(name: Name): Expression<Row[Name]>;
}

export function rowExpressions<Row>(): RowExpressions<Row> {
  return { column: (name) => ({ columns: [name], sql: (row) => `${row}"${name}"` }) };
}

/** Stands for null in a rollup's key, since a unique index treats nulls as distinct. */
export const NO_NUMBER = Number.MIN_SAFE_INTEGER;

/** Selects a key of a rollup under its own name, with null where it was null. */
export function rollupKey(key: string): string {
  return `nullif("${key}", ${NO_NUMBER}) as "${key}"`;
}

/** SQLite's division rounds towards zero; instants before 1970 have to be rounded down. */
const floored = (value: string, unit: number) => `(${value} - ((${value} % ${unit}) + ${unit}) % ${unit})`;

const derive = <Value>(from: readonly Expression[], sql: (row: string) => string): Expression<Value> => ({
  columns: [...new Set(from.flatMap(({ columns }) => columns))],
  sql,
});

/** The first instant of the UTC hour of an instant. */
export const hourOf = (instant: Expression<number | null>): Expression<number> =>
  derive([instant], (row) => floored(instant.sql(row), HOUR_MS));

/** The number of the UTC day of an instant, counted from 1970. */
export const dayNumberOf = (instant: Expression<number | null>): Expression<number> =>
  derive([instant], (row) => `(${floored(instant.sql(row), DAY_MS)} / ${DAY_MS})`);

/** The hour of the UTC day of an instant, 0 to 23. */
export const hourOfDay = (instant: Expression<number | null>): Expression<number> =>
  derive([instant], (row) => `((((${instant.sql(row)} % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS}) / ${HOUR_MS})`);

/** How far an instant is into its UTC day, in milliseconds. */
export const millisecondOfDay = (instant: Expression<number | null>): Expression<number> =>
  derive([instant], (row) => `(((${instant.sql(row)} % ${DAY_MS}) + ${DAY_MS}) % ${DAY_MS})`);

export const difference = (later: Expression<number | null>, earlier: Expression<number | null>): Expression<number> =>
  derive([later, earlier], (row) => `(${later.sql(row)} - ${earlier.sql(row)})`);

/**
 * Splits a whole number into `quotient × unit + remainder`. The sums of both stay exact where the sum of the numbers would
 * exceed 2^53.
 */
export const quotient = (value: Expression<number>, unit: number): Expression<number> =>
  derive([value], (row) => `(${value.sql(row)} / ${unit})`);

/** See `quotient`. Has the sign of the number. */
export const remainder = (value: Expression<number>, unit: number): Expression<number> =>
  derive([value], (row) => `(${value.sql(row)} % ${unit})`);

export const isPresent = (value: Expression): Expression<boolean> =>
  derive([value], (row) => `(${value.sql(row)} is not null)`);

export const equals = <Value extends string | number>(
  value: Expression<Value | null>,
  wanted: Value,
): Expression<boolean> => derive([value], (row) => `(${value.sql(row)} = ${literal(wanted)})`);

export const isPositive = (value: Expression<number>): Expression<boolean> =>
  derive([value], (row) => `(${value.sql(row)} > 0)`);

export const all = (...conditions: readonly Expression<boolean>[]): Expression<boolean> =>
  derive(conditions, (row) => `(${conditions.map((condition) => condition.sql(row)).join(' and ')})`);

/** 1 where a condition holds, else 0. */
export const oneIf = (condition: Expression<boolean>): Expression<number> =>
  derive([condition], (row) => `coalesce(${condition.sql(row)}, 0)`);

function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
