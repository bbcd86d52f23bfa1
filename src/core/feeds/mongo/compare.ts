import type { MirroredTable } from '../../mirror/catalog.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import { readInstant } from '../../mirror/door-times.ts';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import type { Clock } from '../../runtime/clock.ts';
import { clusterTimeOf } from './position.ts';
import { readCollection } from './read-collection.ts';
import type { Requests } from './requests.ts';

/**
 * What the mirror has to hold of keys and instants, which are all that is read. Collections that are kept for some time
 * only are left out: their rows go when the mirror comes to it.
 */
export async function compareCollections(
  requests: Requests,
  tables: readonly MirroredTable[],
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly TableChecksum[]> {
  const now = await requests.runWithRetry((database) => clusterTimeOf(database, signal), signal);
  return requests.inSession(async (database, session) => {
    // A member that is behind waits, or the mirror would be compared with what was.
    if (now !== undefined) session.advanceOperationTime(now);
    const checksums: TableChecksum[] = [];
    for (const mirrored of tables) {
      if (mirrored.table.keptFor !== null) continue;
      const checksum = beginChecksum(mirrored);
      await readCollection(database, checksum.read, checksum, { clock, signal, session, isOrdered: true });
      checksums.push(checksum.result());
    }
    return checksums;
  }, signal);
}

/** Adds up what it is handed. */
function beginChecksum({ table, columns }: MirroredTable) {
  const summed = columns.filter((name) => isSummed(table.columns[name]?.kind));
  const sums = summed.map(() => 0n);
  let count = 0;
  return {
    /** What is to be read for it. */
    read: { table, columns: summed },
    async rows(_: string, rows: readonly RawRow[]) {
      count += rows.length;
      for (const row of rows) {
        for (const [index, name] of summed.entries()) {
          sums[index] = (sums[index] ?? 0n) + weightOf(row[index] ?? null, name === table.key);
        }
      }
    },
    result(): TableChecksum {
      const named = summed.map((name, index) => [name, String(sums[index] ?? 0n)]);
      return { table: table.name, rows: count, sums: Object.fromEntries(named) };
    },
  };
}

function isSummed(kind: string | undefined): boolean {
  return kind === 'key' || kind === 'instant';
}

function weightOf(cell: RawCell, isKey: boolean): bigint {
  if (typeof cell !== 'string') return 0n;
  return BigInt(isKey ? [...cell].length : (readInstant(cell) ?? 0));
}
