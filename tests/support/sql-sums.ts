import type { Database } from 'bun:sqlite';
import type { Schema } from './sql-schema.ts';
import { wholeTable } from './sql-typed-rows.ts';
import type { TdsResult } from './tds/endpoint.ts';
import type { TdsColumn } from './tds/rows.ts';

/** `count_big(*)` and the sums of the feed, added up here as whole numbers. */
export function sumsOf(database: Database, schema: Schema, list: string, name: string): TdsResult {
  const asked = list.split('coalesce(sum(').slice(1);
  const columns = asked.map((expression) => /t\.\[(\w+)\]/.exec(expression)?.[1] ?? '');
  schema.check(name, columns);
  const { rows } = wholeTable(database, schema.actual(name), columns.length === 0 ? ['rowid'] : columns);
  const sums = columns.map(() => 0n);
  let count = 0;
  for (const row of rows) {
    count++;
    for (const [index, expression] of asked.entries()) {
      sums[index] = (sums[index] ?? 0n) + addend(expression, row[index]);
    }
  }
  return {
    columns: [
      { name: '', type: 'bigint' },
      ...columns.map((column): TdsColumn => ({ name: column, type: 'nvarchar' })),
    ],
    rows: [[count, ...sums.map(String)]],
  };
}

function addend(expression: string, value: unknown): bigint {
  if (value === null || value === undefined) return 0n;
  if (expression.includes('* 100')) return BigInt(Math.round(Number(value) * 100));
  if (expression.includes('datalength')) return BigInt(String(value).length);
  if (expression.includes('millisecond')) return BigInt(Date.parse(`${String(value).slice(0, 23).replace('Z', '')}Z`));
  if (expression.includes('nanosecond')) {
    const [, hours = 0, minutes = 0, seconds = 0, part = ''] =
      /^(\d\d):(\d\d):(\d\d)\.?(\d*)$/.exec(String(value)) ?? [];
    const whole = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
    return BigInt(whole) * 10_000_000n + BigInt(part.padEnd(7, '0'));
  }
  return BigInt(Number(value));
}
