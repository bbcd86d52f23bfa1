import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';
import { randomStream } from '../../../src/demo/data/random.ts';
import { features } from '../../../src/features/index.ts';
import { figuresOf } from '../figures-of.ts';

const FROM = Date.UTC(2026, 2, 15, 12);

/** The data of each feature for a company without rows: every field is there. */
const EMPTY: ReadonlyMap<string, unknown> = new Map(
  await Promise.all(
    features.map(async (feature) => [feature.name, (await figuresOf(feature, {}, FROM)).data] as const),
  ),
);

/** Parts of the data that are no figures though they are null or hold numbers: texts, a record, a list. */
const NOT_FIGURES: ReadonlySet<string> = new Set([
  'financial.revenue.PaymentMethodDistribution',
  'storage.stats.LargestCategory',
  'storage.stats.SmallestCategory',
  'support.logs',
]);

/**
 * A snapshot of each feature with random figures; the same number makes the same.
 *
 * @param number also the `seq`, and the minute of the instant
 */
export function companySnapshots(number: number): Map<string, Snapshot> {
  return new Map(
    [...EMPTY].map(([feature, data]) => [feature, snapshotWith(feature, number, randomFigures(data, feature, number))]),
  );
}

export function snapshotWith(feature: string, number: number, data: unknown): Snapshot {
  const content = { data, unavailable: [], problems: [] };
  const generatedAt = FROM + number * 60_000;
  return {
    ...content,
    feature,
    seq: number,
    generatedAt,
    freshness: { status: 'live' },
    encoded: encodeContent(content),
  };
}

const SPECIAL: readonly number[] = [0, 0.01, 0.1, 99.99, 100, 12_345_678.91, 9_007_199_254_740_991];

/** Each figure at random; some of them are null. */
function randomFigures(data: unknown, feature: string, number: number): unknown {
  const random = randomStream(number, feature);
  const visit = (node: unknown, path: string): unknown => {
    if (NOT_FIGURES.has(path) || Array.isArray(node)) return node;
    if (typeof node === 'number' || node === null) {
      if (random.chance(0.1)) return null;
      return random.chance(0.2) ? random.pick(SPECIAL) : random.below(10_000_000) / 100;
    }
    if (typeof node !== 'object') return node;
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, visit(value, `${path}.${name}`)]));
  };
  return visit(data, feature);
}

/**
 * The value of each figure by its key, found by walking the data alone: the catalogue has no part in it.
 */
export function figuresIn(snapshots: ReadonlyMap<string, Snapshot>): Map<string, number | null> {
  const found = new Map<string, number | null>();
  const visit = (node: unknown, path: string): void => {
    if (NOT_FIGURES.has(path) || Array.isArray(node)) return;
    if (typeof node === 'number' || node === null) found.set(path, node);
    else if (typeof node === 'object') {
      for (const [name, value] of Object.entries(node ?? {})) visit(value, `${path}.${name}`);
    }
  };
  for (const [feature, { data }] of snapshots) visit(data, feature);
  return found;
}
