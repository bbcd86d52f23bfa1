import type { Column } from '../../../company/column.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import type { Connection } from './connection.ts';
import type { FoundColumn, KeyedTable } from './found-table.ts';
import type { Look } from './look.ts';
import { inTransaction } from './statements.ts';

/**
 * Rows and sums of every table, each by one pass over it, all of one moment where SNAPSHOT is allowed. A column whose type
 * is not the company's has no sum; the length of a text key is in UTF-16 units.
 */
export async function compareTables(connection: Connection, look: Look): Promise<readonly TableChecksum[]> {
  const asked = look.tables.map((table) => ({ table, sums: sumsOf(table) }));
  const statements = asked.map(({ table, sums }) => {
    const list = ['count_big(*)', ...sums.map(({ sum }) => `convert(nvarchar(40), coalesce(sum(${sum}), 0))`)];
    return `select ${list.join(', ')} from ${table.path} as t;`;
  });
  const found: TableChecksum[] = [];
  await connection.stream({ text: inTransaction(look.isSnapshotAllowed, statements) }, async ({ result, rows }) => {
    const one = asked[result];
    const [row = []] = rows;
    if (one === undefined) return;
    const [count, ...values] = row;
    const sums = one.sums.map(({ name }, index) => [name, String(values[index] ?? '0')] as const);
    found.push({ table: one.table.name, rows: Number(count), sums: Object.fromEntries(sums) });
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

/** Null if the column cannot be added up, or is not of the company's type. */
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
