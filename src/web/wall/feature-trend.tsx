import { useMemo } from 'preact/hooks';
import type { FeatureName } from '../../client/index.ts';
import { TrendChart, type TrendSeries } from '../charts/trend-chart.tsx';
import { Card } from '../design/parts.tsx';
import { useLive } from '../live/live.ts';
import { featureSeries } from '../overview/feature-series.ts';
import { words } from '../words/words.ts';

/** The chart of a feature's main series. */
export function FeatureTrend({ feature }: { feature: FeatureName }) {
  const live = useLive();
  const data = live.snapshots[feature].value?.data;
  const held = useMemo(() => featureSeries(live, feature), [data]);
  const title = words.value.series[feature];
  const series = useMemo<readonly TrendSeries[]>(
    () =>
      held === undefined
        ? []
        : [{ title, unit: held.unit, form: held.axis.kind === 'day' ? 'area' : 'bar', tone: 1, values: held.values }],
    [held, title],
  );
  if (held === undefined) return null;
  return (
    <Card title={title} class="wall-chart">
      <TrendChart title={title} axis={held.axis} series={series} size="fill" />
    </Card>
  );
}
