import { useMemo, useState } from 'preact/hooks';
import type { FeatureName, History } from '../../client/index.ts';
import { type TrendAxis, TrendChart, type TrendSeries } from '../charts/trend-chart.tsx';
import { Button, Card, EmptyState, Skeleton } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import type { Unit } from '../live/catalogue.ts';
import { aboutFeature, useLive } from '../live/live.ts';
import { describedFigure, figureTitle } from '../live/titles.ts';
import { words } from '../words/words.ts';
import { FEWEST_KNOWN, type HeadlineHistory } from './headline-history.ts';
import { useHeadlineHistory, useShownHistory } from './use-history.ts';

/**
 * A headline over the chosen range, with the period before dimmed behind it. One line while the history is too short for a
 * chart; nothing after a failed request.
 */
export function HistoryCard({ feature }: { feature: FeatureName }) {
  const live = useLive();
  const headlines = aboutFeature(live, feature)?.headlines ?? [];
  const [chosen, setChosen] = useState<string>();
  const path = headlines.find((each) => each === chosen) ?? headlines[0] ?? '';
  const answer = useShownHistory(feature)?.answer;
  const history = useHeadlineHistory(feature, path);
  const hasFailed = live.histories.failed(feature).value;
  const described = describedFigure(live, feature, path);
  if (described === undefined || (hasFailed && answer === undefined)) return null;
  if (answer !== undefined && !hasLine(answer)) return <p class="history-note">{words.value.range.tooShort}</p>;
  return (
    <Card title={figureTitle(live, feature, path)} note={history && noteOf(history)} class="history-card">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset asks for a form */}
      <div class="choices" role="group" aria-label={words.value.range.figure}>
        {headlines.map((each) => (
          <Button
            key={each}
            label={figureTitle(live, feature, each)}
            pressed={each === path}
            onPress={() => setChosen(each)}
          />
        ))}
      </div>
      {answer === undefined ? (
        <Skeleton shape="table" />
      ) : history === undefined ? (
        <EmptyState>{words.value.noFigure}</EmptyState>
      ) : (
        <HistoryChart title={figureTitle(live, feature, path)} unit={described.unit} history={history} />
      )}
    </Card>
  );
}

/** Whether any headline has enough points for a line. */
function hasLine({ series }: History): boolean {
  return series.some(({ points }) => points.filter(([, value]) => value !== null).length >= FEWEST_KNOWN);
}

function noteOf({ range, since }: HeadlineHistory): string {
  const { long, historySince } = words.value.range;
  return since === null ? long[range] : historySince(format.value.instant(since));
}

interface HistoryChartProps {
  readonly title: string;
  readonly unit: Unit;
  readonly history: HeadlineHistory;
}

function HistoryChart({ title, unit, history }: HistoryChartProps) {
  const written = format.value;
  const { now, before } = words.value.range;
  const beforeTitle = before[history.range];
  const axis = useMemo<TrendAxis>(() => {
    const { step, starts } = history;
    return step === 'day'
      ? { kind: 'day', keys: starts.map((start) => written.dayOf(start)), unfinished: false }
      : { kind: 'hour', keys: starts, unfinished: false };
  }, [history, written]);
  const series = useMemo<readonly TrendSeries[]>(
    () => [
      { title: now, unit, form: 'line', tone: 1, values: history.values },
      { title: beforeTitle, unit, form: 'before', tone: 'rest', values: history.before },
    ],
    [history, unit, now, beforeTitle],
  );
  return <TrendChart title={title} axis={axis} series={series} />;
}
