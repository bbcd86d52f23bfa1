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
 * Changes a mirror as a feed would: what moved of some tables, all rows of others.
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
  const all = mirroredBy([feature], feature.source).filter(({ table }) => rowsOf(first, table.name).length > 0);
  const steps = batch.flatMap((each) => {
    const mirrored = all[each.table % all.length];
    return mirrored === undefined ? [] : [{ ...each, mirrored }];
  });
  const whole = new Set(steps.filter(({ kind }) => kind === 'whole').map(({ mirrored }) => mirrored));
  let changed = company;
  mirror.begin('changes', catalogOf(company, feature.source));
  for (const { mirrored, ...step } of steps) {
    const { after, row, isDeleted } = changedBy(changed, first, mirrored, step);
    changed = after;
    if (whole.has(mirrored)) continue;
    if (isDeleted)
      mirror.deleted(mirrored.table.name, rawRows(row, { ...mirrored, columns: [mirrored.table.key] }).flat());
    else mirror.rows(mirrored.table.name, rawRows(row, mirrored));
  }
  for (const mirrored of whole) {
    mirror.whole(mirrored.table.name);
    mirror.rows(mirrored.table.name, rawRows(changed, mirrored));
  }
  await mirror.commit('changed');
  return changed;
}

interface Changed {
  readonly after: Company;
  /** A company with the changed row alone. */
  readonly row: Company;
  readonly isDeleted: boolean;
}

function changedBy(
  company: Company,
  first: Company,
  { table: { name, key } }: MirroredTable,
  { kind, row, other, columns }: Change,
): Changed {
  const pool = rowsOf(first, name);
  const chosen = pool[row % pool.length] ?? {};
  const others = rowsOf(company, name).filter((candidate) => candidate[key] !== chosen[key]);
  if (kind === 'delete') {
    return { after: withRows(company, name, others), row: withRows(company, name, [chosen]), isDeleted: true };
  }
  const mixed = mixedRow(chosen, pool[other % pool.length] ?? {}, key, columns);
  return {
    after: withRows(company, name, [...others, mixed]),
    row: withRows(company, name, [mixed]),
    isDeleted: false,
  };
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
