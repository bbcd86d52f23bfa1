import type { MirroredTable } from '../../mirror/catalog.ts';
import { readInstant } from '../../mirror/door-times.ts';
import type { RawRow } from '../../mirror/mirror-writer.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Asking } from './asking.ts';
import { readCollection } from './read-collection.ts';

/** How many rows a collection has, and exact sums of them. */
export interface Comparison {
  readonly table: string;
  readonly rows: number;
  /** By column: of keys the lengths in characters, of instants the milliseconds since 1970 of those that can be read. */
  readonly sums: Readonly<Record<string, string>>;
}

/** Reads keys and instants only. Documents that are no longer kept do not count. */
export async function compareCollections(
  asking: Asking,
  tables: readonly MirroredTable[],
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const { table, columns } of tables) {
    const compared = columns.filter((name) => isCompared(table.columns[name]?.kind));
    const sums = compared.map(() => 0n);
    let count = 0;
    const rows = async (_: string, read: readonly RawRow[]) => {
      count += read.length;
      for (const row of read) {
        for (const [index, cell] of row.entries())
          sums[index] = (sums[index] ?? 0n) + weightOf(cell, compared[index] === table.key);
      }
    };
    await asking.once(
      (database) =>
        readCollection(database, { table, columns: compared }, { rows }, { clock, signal, isOrdered: false }),
      signal,
    );
    const named = compared.map((name, index) => [name, String(sums[index] ?? 0n)]);
    comparisons.push({ table: table.name, rows: count, sums: Object.fromEntries(named) });
  }
  return comparisons;
}

function isCompared(kind: string | undefined): boolean {
  return kind === 'key' || kind === 'instant';
}

function weightOf(cell: RawRow[number], isKey: boolean): bigint {
  if (typeof cell !== 'string') return 0n;
  return BigInt(isKey ? [...cell].length : (readInstant(cell) ?? 0));
}
