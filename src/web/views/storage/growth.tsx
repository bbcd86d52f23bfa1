import { useMemo, useState } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { trailingMean } from '../../charts/series.ts';
import { type TrendAxis, TrendChart, type TrendSeries } from '../../charts/trend-chart.tsx';
import { Button, Card, Skeleton } from '../../design/parts.tsx';
import { format } from '../../format/formatting.ts';
import { useAsked } from '../../live/asked.ts';
import { Figure } from '../../live/figure.tsx';
import { useLive } from '../../live/live.ts';
import { columnTitle, figureTitle, listTitle } from '../../live/titles.ts';
import { words } from '../../words/words.ts';
import { AskedState } from './asked-state.tsx';

type GrowthTrend = FeatureData['storage']['growth'];

/** What the snapshot holds. */
const SNAPSHOT_DAYS = 30;
const PERIODS = [7, SNAPSHOT_DAYS, 90, 365] as const;
type Period = (typeof PERIODS)[number];

/** From here on a bar a day is thinner than a pixel on most screens. */
const AREA_FROM_DAYS = 180;
const MEAN_DAYS = 7;

interface GrowthProps {
  readonly recent: GrowthTrend;
  readonly seq: number;
}

/** Files added by day: the snapshot's 30 days, or a shorter or longer period that is asked for. */
export function Growth({ recent, seq }: GrowthProps) {
  const [period, setPeriod] = useState<Period>(SNAPSHOT_DAYS);
  const path = period === SNAPSHOT_DAYS ? undefined : (`/api/storage/growth-trend?days=${period}` as const);
  const asked = useAsked(path, seq);
  const trend = period === SNAPSHOT_DAYS ? recent : asked.answer;
  const { growth: title, period: periodLabel } = words.value.views.storage;
  return (
    <Card
      title={title}
      class="span-all"
      actions={
        // biome-ignore lint/a11y/useSemanticElements: a fieldset asks for a form
        <div class="choices" role="group" aria-label={periodLabel}>
          {PERIODS.map((days) => (
            <Button
              key={days}
              label={format.value.exact(days, 'days')}
              pressed={days === period}
              onPress={() => setPeriod(days)}
            />
          ))}
        </div>
      }
    >
      {path !== undefined && <AskedState asked={asked} />}
      {trend === undefined ? (
        asked.state === 'asking' && <Skeleton shape="table" />
      ) : (
        <div class={`growth ${asked.state === 'asking' ? 'asking' : ''}`}>
          <GrowthSummary summary={trend.Summary} />
          <GrowthCharts days={trend.TrendData} />
        </div>
      )}
    </Card>
  );
}

function GrowthSummary({ summary }: { summary: GrowthTrend['Summary'] }) {
  const live = useLive();
  const sizeTitle = columnTitle(live, 'storage', 'growth.TrendData', 'GBAdded');
  const filesTitle = columnTitle(live, 'storage', 'growth.TrendData', 'FilesAdded');
  return (
    <dl class="growth-summary">
      <div class="growth-figure">
        <dt>{sizeTitle}</dt>
        <dd>
          <Figure name="storage.growth.Summary.TotalGBAdded" value={summary.TotalGBAdded} unit="gigabytes" />
        </dd>
      </div>
      <div class="growth-figure">
        <dt>{filesTitle}</dt>
        <dd>
          <Figure name="storage.growth.Summary.TotalFilesAdded" value={summary.TotalFilesAdded} unit="count" />
        </dd>
      </div>
      <div class="growth-figure">
        <dt>{figureTitle(live, 'storage', 'growth.Summary.AvgGBPerDay')}</dt>
        <dd>
          <Figure name="storage.growth.Summary.AvgGBPerDay" value={summary.AvgGBPerDay} unit="gigabytes" />
        </dd>
      </div>
    </dl>
  );
}

/** Today is not over: striped or dashed, and in no mean. */
function GrowthCharts({ days }: { days: GrowthTrend['TrendData'] }) {
  const live = useLive();
  const { sizeByDay } = words.value.views.storage;
  const { mean7Days } = words.value;
  const filesByDay = listTitle(live, 'storage', 'growth.TrendData');
  const sizeTitle = columnTitle(live, 'storage', 'growth.TrendData', 'GBAdded');
  const filesTitle = columnTitle(live, 'storage', 'growth.TrendData', 'FilesAdded');
  const axis = useMemo<TrendAxis>(
    () => ({ kind: 'day', keys: days.map(({ Date: day }) => day), unfinished: true }),
    [days],
  );
  const form = days.length >= AREA_FROM_DAYS ? 'area' : 'bar';
  const size = useMemo<readonly TrendSeries[]>(() => {
    const values = days.map(({ GBAdded }) => GBAdded);
    return [
      { title: sizeTitle, unit: 'gigabytes', form, tone: 1, values },
      { title: mean7Days, unit: 'gigabytes', form: 'line', tone: 2, values: trailingMean(values, MEAN_DAYS, true) },
    ];
  }, [days, form, sizeTitle, mean7Days]);
  const files = useMemo<readonly TrendSeries[]>(() => {
    const values = days.map(({ FilesAdded }) => FilesAdded);
    return [
      { title: filesTitle, unit: 'count', form, tone: 1, values },
      { title: mean7Days, unit: 'count', form: 'line', tone: 2, values: trailingMean(values, MEAN_DAYS, true) },
    ];
  }, [days, form, filesTitle, mean7Days]);
  return (
    <div class="growth-charts">
      <section class="growth-chart" aria-label={sizeByDay}>
        <h3 class="growth-title">{sizeByDay}</h3>
        <TrendChart title={sizeByDay} axis={axis} series={size} />
      </section>
      <section class="growth-chart" aria-label={filesByDay}>
        <h3 class="growth-title">{filesByDay}</h3>
        <TrendChart title={filesByDay} axis={axis} series={files} />
      </section>
    </div>
  );
}
