import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import { type Cell, cellOf, decimalText, isDecimal, type Table, type TableColumn } from './table.ts';

/** Digits of a decimal: its unscaled value fits in 64 bits. */
const PRECISION = 18;
const SCALE = 2;
const DAY_MS = 86_400_000;

/**
 * A table as Parquet: every column optional, money as DECIMAL(18, 2), instants as TIMESTAMP in UTC, days as DATE, whole
 * numbers as INT64.
 *
 * @param metadata key and value pairs of the file
 */
export function encodeParquet(
  { columns, rows }: Table,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const columnData = columns.map((column): ColumnSource => {
    const convert = converterOf(column);
    return { name: column.name, data: rows.map((row) => convert(cellOf(row, column))) };
  });
  const buffer = parquetWriteBuffer({
    columnData,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(schemaOf)],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: 'greg-bi',
  });
  return new Uint8Array(buffer);
}

function schemaOf(column: TableColumn): SchemaElement {
  const { name, kind } = column;
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  if (isDecimal(column)) {
    return { ...optional, type: 'INT64', converted_type: 'DECIMAL', scale: SCALE, precision: PRECISION };
  }
  switch (kind) {
    case 'integer':
      return { ...optional, type: 'INT64' };
    case 'number':
      return { ...optional, type: 'DOUBLE' };
    case 'boolean':
      return { ...optional, type: 'BOOLEAN' };
    case 'instant':
      return { ...optional, type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } };
    case 'day':
      return { ...optional, type: 'INT32', converted_type: 'DATE' };
    default:
      return { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  }
}

function converterOf(column: TableColumn): (cell: Cell) => unknown {
  const { kind } = column;
  // A bigint is the unscaled value: the writer would scale a number with doubles.
  if (isDecimal(column))
    return (cell) => (typeof cell === 'number' ? BigInt(decimalText(cell).replace('.', '')) : undefined);
  if (kind === 'integer')
    return (cell) => (typeof cell === 'number' && Number.isInteger(cell) ? BigInt(cell) : undefined);
  if (kind === 'instant') return (cell) => ifDate(cell, (milliseconds) => new Date(milliseconds));
  if (kind === 'day') return (cell) => ifDate(cell, (milliseconds) => Math.floor(milliseconds / DAY_MS));
  return (cell) => cell ?? undefined;
}

function ifDate<Value>(cell: Cell, convert: (milliseconds: number) => Value): Value | undefined {
  const milliseconds = typeof cell === 'string' ? Date.parse(cell) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : convert(milliseconds);
}
