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

export type Batch = readonly Change[];

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

/** One row that moved. */
export interface Step {
  readonly mirrored: MirroredTable;
  /** A company with this row alone. */
  readonly row: Company;
  readonly isDeleted: boolean;
  /** Whether a row of its key was there before. */
  readonly wasThere: boolean;
  /** Whether the source tells no more of the table than that it changed. */
  readonly isWhole: boolean;
}

export interface Changes {
  readonly steps: readonly Step[];
  /** The company after them. */
  readonly after: Company;
}

/**
 * What a batch comes to.
 *
 * @param first the company whose rows the changes are made of
 * @param tables those that may change
 */
export function changesOf(company: Company, first: Company, tables: readonly MirroredTable[], batch: Batch): Changes {
  const all = tables.filter(({ table }) => rowsOf(first, table.name).length > 0);
  const chosen = batch.flatMap((change) => {
    const mirrored = all[change.table % all.length];
    return mirrored === undefined ? [] : [{ change, mirrored }];
  });
  const whole = new Set(chosen.filter(({ change }) => change.kind === 'whole').map(({ mirrored }) => mirrored));
  let after = company;
  const steps = chosen.map(({ change, mirrored }): Step => {
    const changed = changedBy(after, first, mirrored, change);
    after = changed.after;
    const { row, isDeleted, wasThere } = changed;
    return { mirrored, row, isDeleted, wasThere, isWhole: whole.has(mirrored) };
  });
  return { steps, after };
}

/**
 * Changes a mirror as a feed would: what moved of some tables, all rows of others.
 *
 * @returns the company after the changes
 */
export async function applyBatch(
  mirror: MirrorDatabase,
  feature: Mirrored,
  company: Company,
  first: Company,
  batch: Batch,
): Promise<Company> {
  const { steps, after } = changesOf(company, first, mirroredBy([feature], feature.source), batch);
  mirror.begin('changes', catalogOf(company, feature.source));
  for (const { mirrored, row, isDeleted } of steps.filter(({ isWhole }) => !isWhole)) {
    const { table } = mirrored;
    if (isDeleted) mirror.deleted(table.name, rawRows(row, { ...mirrored, columns: [table.key] }).flat());
    else mirror.rows(table.name, rawRows(row, mirrored));
  }
  for (const mirrored of new Set(steps.filter(({ isWhole }) => isWhole).map((step) => step.mirrored))) {
    mirror.whole(mirrored.table.name);
    mirror.rows(mirrored.table.name, rawRows(after, mirrored));
  }
  await mirror.commit('changed');
  return after;
}

interface Changed {
  readonly after: Company;
  /** A company with the changed row alone. */
  readonly row: Company;
  readonly isDeleted: boolean;
  readonly wasThere: boolean;
}

function changedBy(
  company: Company,
  first: Company,
  { table: { name, key } }: MirroredTable,
  { kind, row, other, columns }: Change,
): Changed {
  const pool = rowsOf(first, name);
  const chosen = pool[row % pool.length] ?? {};
  const rows = rowsOf(company, name);
  const others = rows.filter((candidate) => candidate[key] !== chosen[key]);
  const wasThere = others.length < rows.length;
  if (kind === 'delete') {
    const row = withRows(company, name, [chosen]);
    return { after: withRows(company, name, others), row, isDeleted: true, wasThere };
  }
  const mixed = mixedRow(chosen, pool[other % pool.length] ?? {}, key, columns);
  return {
    after: withRows(company, name, [...others, mixed]),
    row: withRows(company, name, [mixed]),
    isDeleted: false,
    wasThere,
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
