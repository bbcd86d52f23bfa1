import { useMemo } from 'preact/hooks';
import { trailingMean } from '../charts/series.ts';
import { type TrendAxis, TrendChart, type TrendSeries } from '../charts/trend-chart.tsx';
import { Card, Skeleton } from '../design/parts.tsx';
import { useLive } from '../live/live.ts';
import { words } from '../words/words.ts';

const MEAN_DAYS = 7;

/** Revenue of the last 90 days with its 7-day mean. Today is unfinished: dashed, and left out of the mean. */
export function RevenueCard({ class: className = '' }: { class?: string }) {
  const days = useLive().snapshots.financial.value?.data.revenueByDay;
  const { revenueByDay, revenueByDayNote, perDay, mean7Days } = words.value;
  const axis = useMemo<TrendAxis>(
    () => ({ kind: 'day', keys: days?.map(({ Date: day }) => day) ?? [], unfinished: true }),
    [days],
  );
  const series = useMemo<readonly TrendSeries[]>(() => {
    const amounts = days?.map(({ Amount }) => Amount) ?? [];
    return [
      { title: perDay, unit: 'BRL', form: 'area', tone: 1, values: amounts },
      { title: mean7Days, unit: 'BRL', form: 'line', tone: 2, values: trailingMean(amounts, MEAN_DAYS, true) },
    ];
  }, [days, perDay, mean7Days]);
  return (
    <Card title={revenueByDay} note={revenueByDayNote} class={`revenue-card ${className}`}>
      {days === undefined ? (
        <Skeleton shape="chart" />
      ) : (
        <TrendChart title={revenueByDay} axis={axis} series={series} size="fill" />
      )}
    </Card>
  );
}
