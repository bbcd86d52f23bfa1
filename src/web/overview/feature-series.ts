import type { FeatureName } from '../../client/index.ts';
import type { Live } from '../live/live.ts';

export interface FeatureSeries {
  readonly values: readonly number[];
  readonly unfinished: boolean;
}

/** The series over time that a feature's snapshot holds; undefined where it holds none. */
export function sparklineOf({ snapshots }: Live, feature: FeatureName): FeatureSeries | undefined {
  const values = seriesValues(snapshots, feature);
  return values === undefined ? undefined : { values, unfinished: true };
}

function seriesValues(snapshots: Live['snapshots'], feature: FeatureName): readonly number[] | undefined {
  switch (feature) {
    case 'claims':
      return snapshots.claims.value?.data.trend.map(({ ClaimsOpened }) => ClaimsOpened);
    case 'financial':
      return snapshots.financial.value?.data.revenueByDay.slice(-30).map(({ Amount }) => Amount);
    case 'support':
      return snapshots.support.value?.data.byDay.map(({ Opened }) => Opened);
    case 'storage':
      return snapshots.storage.value?.data.growth.TrendData.map(({ GBAdded }) => GBAdded);
    default:
      return undefined;
  }
}
