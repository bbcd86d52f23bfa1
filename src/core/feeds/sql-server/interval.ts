import type { Clock } from '../../runtime/clock.ts';
import type { Look } from './look.ts';
import { digest, readPosition, writePosition } from './position.ts';
import type { Way } from './way.ts';
import { createWholeReader, loadTables } from './whole-tables.ts';

export interface IntervalOptions {
  readonly look: Look;
  readonly clock: Clock;
  /** Why it is nothing better. */
  readonly reason: string;
  /** Between two reads, ms; more where a read takes long. */
  readonly everyMs: number;
}

/**
 * Reads every table whole at an interval, which asks nothing of a server but its rows.
 *
 * Kept rows stay usable after a restart: the first poll reads at once and replaces them.
 */
export function intervalWay({ look, clock, reason, everyMs }: IntervalOptions): Way {
  const reader = createWholeReader(look, clock);
  const position = writePosition({ mode: 'interval', identity: look.identity, schema: digest(look.columns) });
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
      await loadTables(connection, look, sink);
      // How long a first read took says nothing about the next ones.
      dueAt = clock.elapsed() + everyMs;
    },
    async poll(connection, _, sink, isAsked) {
      if (!isAsked && clock.elapsed() < dueAt) return null;
      await reader.read(connection, look.tables, sink);
      dueAt = clock.elapsed() + Math.max(everyMs, reader.pauseMs);
      return position;
    },
  };
}
