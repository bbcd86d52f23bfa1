import type { Clock } from '../../runtime/clock.ts';
import type { ChangeDetection } from './change-detection.ts';
import type { FoundDatabase } from './found-database.ts';
import { digest, readPosition, writePosition } from './position.ts';
import { createWholeReader, loadTables } from './whole-tables.ts';

export interface IntervalOptions {
  readonly database: FoundDatabase;
  readonly clock: Clock;
  /** Why the mode is not a better one. */
  readonly reason: string;
  /** Between two reads, ms; longer if a read takes long. */
  readonly everyMs: number;
}

/**
 * Reads every table whole at an interval, which needs no more than select permission.
 *
 * After a restart, the kept rows stay in use until the first poll replaces them, at once.
 */
export function detectByInterval({ database, clock, reason, everyMs }: IntervalOptions): ChangeDetection {
  const reader = createWholeReader(database, clock);
  const position = writePosition({ mode: 'interval', identity: database.identity, schema: digest(database.columns) });
  let dueAt = clock.elapsed() + everyMs;
  return {
    mode: 'interval',
    reason,
    get pauseMs() {
      return Math.max(0, dueAt - clock.elapsed());
    },
    async canFollow(_, text) {
      const before = readPosition(text);
      const isSame = before !== null && writePosition(before) === position;
      if (isSame) dueAt = clock.elapsed();
      return isSame;
    },
    async load(connection, sink, began) {
      began(position);
      await loadTables(connection, database, sink);
      // The first read may be slower than later ones.
      dueAt = clock.elapsed() + everyMs;
    },
    async poll(connection, _, sink, mustCatchUp) {
      if (!mustCatchUp && clock.elapsed() < dueAt) return null;
      await reader.read(connection, database.tables, sink);
      dueAt = clock.elapsed() + Math.max(everyMs, reader.pauseMs);
      return position;
    },
  };
}
