import type { Column } from '../../../company/column.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import type { Connection } from './connection.ts';
import type { FoundDatabase } from './found-database.ts';
import type { FoundColumn, KeyedTable } from './found-table.ts';
import { inTransaction } from './statements.ts';

/**
 * Row count and sums of every table, with one scan each, in one SNAPSHOT if that is allowed. A column of an unexpected type
 * has no sum. The length of a text key is in UTF-16 units.
 */
export async function compareTables(
  connection: Connection,
  database: FoundDatabase,
): Promise<readonly TableChecksum[]> {
  const requested = database.tables.map((table) => ({ table, sums: sumsOf(table) }));
  const statements = requested.map(({ table, sums }) => {
    const list = ['count_big(*)', ...sums.map(({ sum }) => `convert(nvarchar(40), coalesce(sum(${sum}), 0))`)];
    return `select ${list.join(', ')} from ${table.path} as t;`;
  });
  const found: TableChecksum[] = [];
  await connection.stream({ text: inTransaction(database.isSnapshotAllowed, statements) }, async ({ result, rows }) => {
    const current = requested[result];
    const [row = []] = rows;
    if (current === undefined) return;
    const [count, ...values] = row;
    const sums = current.sums.map(({ name }, index) => [name, String(values[index] ?? '0')] as const);
    found.push({ table: current.table.name, rows: Number(count), sums: Object.fromEntries(sums) });
  });
  return found;
}

function sumsOf({ columns, mirrored }: KeyedTable): { readonly name: string; readonly sum: string }[] {
  return columns.flatMap((found) => {
    const column = mirrored.table.columns[found.name];
    const sum = column === undefined ? null : sumOf(column, found);
    return sum === null ? [] : [{ name: found.name, sum }];
  });
}

/** Null if the column is not summed, or has an unexpected type. */
function sumOf({ kind, sqlType, isText }: Column, { quoted, dataType }: FoundColumn): string | null {
  const value = `t.${quoted}`;
  if (dataType !== sqlType.replace(/\(.*$/, '')) return null;
  switch (kind) {
    case 'money':
      return `cast(round(${value} * 100, 0) as decimal(38, 0))`;
    case 'instant':
      return `cast(datediff_big(millisecond, '1970-01-01', ${value}) as decimal(38, 0))`;
    case 'duration':
      return `cast(datediff_big(nanosecond, '00:00:00', ${value}) / 100 as decimal(38, 0))`;
    case 'key':
      return isText ? `cast(datalength(${value}) / 2 as decimal(38, 0))` : wholeNumber(value);
    default:
      return isText ? null : wholeNumber(value);
  }
}

function wholeNumber(value: string): string {
  return `cast(${value} as decimal(38, 0))`;
}
