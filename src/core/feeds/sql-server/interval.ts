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
 * Rows of before are followed on from after a restart: the first poll comes at once, and what it hands over replaces
 * them.
 */
export function intervalWay({ look, clock, reason, everyMs }: IntervalOptions): Way {
  const reader = createWholeReader(look, clock);
  const position = writePosition({ mode: 'interval', identity: look.identity, schema: digest(look.columns) });
  let isBehind = false;
  return {
    mode: 'interval',
    reason,
    get pauseMs() {
      return isBehind ? 0 : Math.max(everyMs, reader.pauseMs);
    },
    async canFollow(_, text) {
      const before = readPosition(text);
      isBehind = before !== null && writePosition(before) === position;
      return isBehind;
    },
    async load(connection, sink, began) {
      began(position);
      await loadTables(connection, look, sink);
    },
    async poll(connection, _, sink) {
      await reader.read(connection, look.tables, sink);
      isBehind = false;
      return position;
    },
  };
}
