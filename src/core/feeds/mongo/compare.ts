import type { MirroredTable } from '../../mirror/catalog.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import { readInstant } from '../../mirror/door-times.ts';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import type { Clock } from '../../runtime/clock.ts';
import { clusterTimeOf } from './position.ts';
import { readCollection } from './read-collection.ts';
import type { Requests } from './requests.ts';

/**
 * Row counts, and sums of keys and instants, which are the only fields that are read. Skips collections that are kept for a
 * limited time: when the mirror deletes their old rows is up to the mirror.
 */
export async function compareCollections(
  requests: Requests,
  tables: readonly MirroredTable[],
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly TableChecksum[]> {
  const now = await requests.runWithRetry((database) => clusterTimeOf(database, signal), signal);
  return requests.inSession(async (database, session) => {
    // A secondary that lags waits until then, so that the mirror is not compared with older data.
    if (now !== undefined) session.advanceOperationTime(now);
    const checksums: TableChecksum[] = [];
    for (const mirrored of tables) {
      if (mirrored.table.keptFor !== null) continue;
      const checksum = createChecksum(mirrored);
      await readCollection(database, checksum.read, checksum, { clock, signal, session, isOrdered: true });
      checksums.push(checksum.result());
    }
    return checksums;
  }, signal);
}

/** A sink that adds up the rows that it receives. */
function createChecksum({ table, columns }: MirroredTable) {
  const summed = columns.filter((name) => isSummed(table.columns[name]?.kind));
  const sums = summed.map(() => 0n);
  let count = 0;
  return {
    /** The columns to read. */
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
