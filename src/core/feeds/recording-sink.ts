import type { MirrorWriter } from '../mirror/mirror-writer.ts';
import type { ChangeSink } from './feed-source.ts';

/**
 * A sink that hands everything to the mirror.
 *
 * @param begin awaited before the first thing is handed over
 * @param onRows called with the number of rows or keys of each piece
 */
export function recordingSink(
  mirror: MirrorWriter,
  begin: () => Promise<void>,
  onRows: (rows: number) => void,
): ChangeSink {
  return {
    async rows(table, rows) {
      await begin();
      await mirror.rows(table, rows);
      onRows(rows.length);
    },
    async deleted(table, keys) {
      await begin();
      await mirror.deleted(table, keys);
      onRows(keys.length);
    },
    async whole(table) {
      await begin();
      await mirror.whole(table);
      onRows(0);
    },
  };
}
