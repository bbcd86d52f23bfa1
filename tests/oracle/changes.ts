import fc from 'fast-check';
import type { MirroredTable } from '../../src/core/mirror/catalog.ts';
import type { MirrorDatabase } from '../../src/core/mirror/database.ts';
import { catalogOf, type Mirrored, mirroredBy, rawRows } from './mirrored.ts';
import type { Company } from './rows.ts';

/**
 * Random changes of a company. Rows come from the company that it was at first, so that instants keep their places at the
 * edges of windows: a row goes, comes back, or takes over some columns of another row.
 */
interface Change {
  readonly kind: 'delete' | 'upsert' | 'whole';
  /** These numbers choose among as many as there are. */
  readonly table: number;
  readonly row: number;
  readonly other: number;
  /** Which columns are taken from the other row, a bit each. */
  readonly columns: number;
}

type Batch = readonly Change[];

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('delete', 'delete', 'upsert', 'upsert', 'upsert', 'whole'),
  table: fc.nat(1_000),
  row: fc.nat(1_000),
  other: fc.nat(1_000),
  columns: fc.oneof(fc.constantFrom(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024), fc.nat(8_191)),
});

/** What the source commits, one after the other. */
export const batches: fc.Arbitrary<Batch[]> = fc.array(fc.array(change, { minLength: 1, maxLength: 10 }), {
  minLength: 1,
  maxLength: 4,
});

/**
 * Changes a mirror as a feed would.
 *
 * @param first the company whose rows the changes are made of
 * @returns the company after the changes
 */
export async function applyBatch(
  mirror: MirrorDatabase,
  feature: Mirrored,
  company: Company,
  first: Company,
  batch: Batch,
): Promise<Company> {
  const mirrored = mirroredBy([feature], feature.source).filter(({ table }) => rowsOf(first, table.name).length > 0);
  let changed = company;
  mirror.begin('changes', catalogOf(company, feature.source));
  for (const each of batch) {
    const table = mirrored[each.table % mirrored.length];
    if (table !== undefined) changed = applyChange(mirror, table, changed, first, each);
  }
  await mirror.commit('changed');
  return changed;
}

function applyChange(
  mirror: MirrorDatabase,
  mirrored: MirroredTable,
  company: Company,
  first: Company,
  { kind, row, other, columns }: Change,
): Company {
  const { name, key } = mirrored.table;
  const pool = rowsOf(first, name);
  const chosen = pool[row % pool.length];
  const giver = pool[other % pool.length];
  if (chosen === undefined || giver === undefined) return company;
  const isChosen = (candidate: Row) => candidate[key] === chosen[key];
  const others = rowsOf(company, name).filter((candidate) => !isChosen(candidate));
  if (kind === 'delete') {
    const deleted = rawRows(withRows(company, name, [chosen]), { ...mirrored, columns: [key] });
    mirror.deleted(name, deleted.flat());
    return withRows(company, name, others);
  }
  const mixed = mixedRow(chosen, giver, key, columns);
  const after = withRows(company, name, [...others, mixed]);
  if (kind === 'whole') {
    mirror.whole(name);
    mirror.rows(name, rawRows(after, mirrored));
  } else {
    mirror.rows(name, rawRows(withRows(company, name, [mixed]), mirrored));
  }
  return after;
}

type Row = Readonly<Record<string, unknown>>;

function mixedRow(row: Row, giver: Row, key: string, columns: number): Row {
  const names = Object.keys(row).filter((name) => name !== key);
  const taken = names.filter((_, index) => (columns >> index) % 2 === 1).map((name) => [name, giver[name]]);
  return { ...row, ...Object.fromEntries(taken) };
}

function rowsOf(company: Company, name: string): readonly Row[] {
  const rows: unknown = new Map<string, unknown>(Object.entries(company)).get(name);
  return Array.isArray(rows) ? rows : [];
}

function withRows(company: Company, name: string, rows: readonly Row[]): Company {
  return { ...company, [name]: rows };
}
