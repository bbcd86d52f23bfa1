import mssql, { type IRecordSet } from 'mssql';

/**
 * The rows of a result. `mssql` gives a `bigint` as text; here it is a number, and so compares and adds up as one.
 *
 * @param recordset undefined where a statement has no result
 * @throws RangeError for a `bigint` beyond ±(2⁵³ − 1), which a number does not hold exactly
 */
export function readRows<Row>(recordset: IRecordSet<Row> | undefined): Row[] {
  if (recordset === undefined) return [];
  const texts = Object.values(recordset.columns).flatMap(({ type, name }) => (type === mssql.BigInt ? [name] : []));
  return texts.length === 0 ? recordset : recordset.map((row) => withNumbers(row, texts));
}

function withNumbers<Row>(row: Row, columns: readonly string[]): Row {
  const numbers = columns.map((column) => {
    const value: unknown = Reflect.get(Object(row), column);
    return [column, typeof value === 'string' ? exactNumber(value, column) : value];
  });
  return { ...row, ...Object.fromEntries(numbers) };
}

function exactNumber(text: string, column: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${column} holds a whole number of ${text.length} digits, more than a number holds exactly`);
}
