import { EXACT_KEYS, type MirroredTable } from '../../mirror/catalog.ts';
import { isSummed, type TableChecksum } from '../../mirror/checksum.ts';
import { createDoor, storedColumns } from '../../mirror/door.ts';
import type { RawRow } from '../../mirror/mirror-writer.ts';

/**
 * The checksum that a mirror of these rows must have. Of several rows with one key, the first counts.
 *
 * @param present the columns that the source has
 */
export function checksumRows(
  mirrored: MirroredTable,
  present: readonly string[],
  pieces: Iterable<readonly RawRow[]>,
): TableChecksum {
  const { table } = mirrored;
  const door = createDoor(mirrored, present, EXACT_KEYS);
  const stored = storedColumns(mirrored);
  const summed = present.flatMap((name) => {
    const column = table.columns[name];
    return column !== undefined && isSummed(column) ? [{ name, index: stored.indexOf(name), sum: 0n }] : [];
  });
  const keys = new Set<string | number>();
  let place = 0;
  for (const rows of pieces) {
    for (const row of rows) {
      const { key, cells } = door.clean(row, place);
      place += 1;
      if (keys.has(key)) continue;
      keys.add(key);
      for (const each of summed) each.sum += weightOf(cells[each.index]);
    }
  }
  return {
    table: table.name,
    rows: keys.size,
    sums: Object.fromEntries(summed.map(({ name, sum }) => [name, `${sum}`])),
  };
}

/** A number itself; for text, its length in code points, as in SQLite. */
function weightOf(cell: string | number | null | undefined): bigint {
  if (cell === null || cell === undefined) return 0n;
  return BigInt(typeof cell === 'number' ? cell : [...cell].length);
}
