import type { Instant } from '../../core/figures/calendar.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import type { Snapshot } from '../../core/runtime/snapshot.ts';

/** A figure of a snapshot, as its page shows it. */
export interface FigureValue {
  /** `claims.summary.WinRate` */
  readonly key: string;
  readonly feature: string;
  readonly title: string;
  /** Null empties the number of the page. */
  readonly value: number | null;
  readonly unit: string;
  /** The instant that the snapshot is as of. */
  readonly at: Instant;
}

/** Every figure of the catalogue of each feature that has a snapshot. */
export function figureValues(
  features: readonly Pick<Feature, 'name' | 'catalogue'>[],
  snapshots: ReadonlyMap<string, Snapshot>,
): FigureValue[] {
  return features.flatMap(({ name, catalogue }) => {
    const snapshot = snapshots.get(name);
    if (snapshot === undefined) return [];
    return catalogue.figures.map(({ path, title, unit }) => ({
      key: `${name}.${path}`,
      feature: name,
      title: title.pt,
      value: numberAt(snapshot.data, path),
      unit,
      at: snapshot.generatedAt,
    }));
  });
}

/** The number at a path in a snapshot's data; null if there is none. */
function numberAt(data: unknown, path: string): number | null {
  let node = data;
  for (const name of path.split('.')) {
    if (typeof node !== 'object' || node === null) return null;
    node = Object.entries(node).find(([property]) => property === name)?.[1];
  }
  return typeof node === 'number' && Number.isFinite(node) ? node : null;
}

/** What has to be sent again if it changes, as text. The instant alone is no change. */
export function figureContent({
  feature,
  title,
  value,
  unit,
}: Pick<FigureValue, 'feature' | 'title' | 'value' | 'unit'>): string {
  return JSON.stringify([feature, title, value, unit]);
}
