import mssql, { type ISqlType, type Request } from 'mssql';

/** Longer text is bound as `nvarchar(max)`. With only two lengths, the server keeps few plans per statement. */
const LONGEST_SIZED_TEXT = 4_000;
const LARGEST_INT = 2 ** 31 - 1;

/** A value bound to a SQL Server parameter. */
export type BoundValue = string | number | bigint | boolean | Date | null;

/**
 * Binds values to a request as `@1`, `@2` … with types that store them exactly: a date as `datetime2(7)`, not the coarser
 * `datetime`; a whole number as `int` or `bigint`.
 */
export function bindParameters(request: Request, values: readonly BoundValue[]): void {
  for (const [index, value] of values.entries()) request.input(String(index + 1), typeOf(value), value);
}

function typeOf(value: BoundValue): (() => ISqlType) | ISqlType {
  if (value === null) return mssql.NVarChar(LONGEST_SIZED_TEXT);
  if (typeof value === 'string') {
    return value.length > LONGEST_SIZED_TEXT ? mssql.NVarChar(mssql.MAX) : mssql.NVarChar(LONGEST_SIZED_TEXT);
  }
  if (typeof value === 'number') return typeOfNumber(value);
  if (typeof value === 'bigint') return mssql.BigInt;
  return typeof value === 'boolean' ? mssql.Bit : mssql.DateTime2(7);
}

function typeOfNumber(value: number) {
  if (!Number.isSafeInteger(value)) return mssql.Float;
  return Math.abs(value) > LARGEST_INT ? mssql.BigInt : mssql.Int;
}
