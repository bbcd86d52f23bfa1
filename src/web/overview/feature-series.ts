import type { FeatureName } from '../../client/index.ts';
import type { TrendAxis } from '../charts/trend-chart.tsx';
import type { Unit } from '../live/catalogue.ts';
import type { Live } from '../live/live.ts';

export interface FeatureSeries {
  readonly axis: TrendAxis;
  readonly unit: Unit;
  readonly values: readonly number[];
}

const LAST_DAYS = 30;

/** The main series of a feature; undefined if its snapshot holds none. Its last day or month is unfinished. */
export function featureSeries({ snapshots }: Live, feature: FeatureName): FeatureSeries | undefined {
  switch (feature) {
    case 'claims': {
      const trend = snapshots.claims.value?.data.trend;
      return trend && months(trend.map(({ Period, ClaimsOpened }) => [Period, ClaimsOpened]));
    }
    case 'financial': {
      const revenue = snapshots.financial.value?.data.revenueByDay.slice(-LAST_DAYS);
      return (
        revenue &&
        days(
          'BRL',
          revenue.map(({ Date: day, Amount }) => [day, Amount]),
        )
      );
    }
    case 'support': {
      const opened = snapshots.support.value?.data.byDay;
      return (
        opened &&
        days(
          'count',
          opened.map(({ Date: day, Opened }) => [day, Opened]),
        )
      );
    }
    case 'storage': {
      const growth = snapshots.storage.value?.data.growth.TrendData;
      return (
        growth &&
        days(
          'count',
          growth.map(({ Date: day, FilesAdded }) => [day, FilesAdded]),
        )
      );
    }
    default:
      return undefined;
  }
}

type Point = readonly [key: string, value: number];

function days(unit: Unit, points: readonly Point[]): FeatureSeries {
  return series('day', unit, points);
}

function months(points: readonly Point[]): FeatureSeries {
  return series('month', 'count', points);
}

function series(kind: TrendAxis['kind'], unit: Unit, points: readonly Point[]): FeatureSeries {
  const axis = { kind, keys: points.map(([key]) => key), unfinished: true };
  return { axis, unit, values: points.map(([, value]) => value) };
}
