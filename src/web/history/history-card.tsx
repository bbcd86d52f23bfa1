import { useMemo, useState } from 'preact/hooks';
import type { FeatureName } from '../../client/index.ts';
import { range } from '../app/preferences.ts';
import { type TrendAxis, TrendChart, type TrendSeries } from '../charts/trend-chart.tsx';
import { Button, Card } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { aboutFeature, useLive } from '../live/live.ts';
import { describedFigure, figureTitle } from '../live/titles.ts';
import { words } from '../words/words.ts';
import { useHeadlineHistory } from './use-history.ts';

/** A headline over the chosen range, with the period before dimmed behind it. Nothing before two values are known. */
export function HistoryCard({ feature }: { feature: FeatureName }) {
  const live = useLive();
  const headlines = aboutFeature(live, feature)?.headlines ?? [];
  const [chosen, setChosen] = useState<string>();
  const path = headlines.find((each) => each === chosen) ?? headlines[0] ?? '';
  const history = useHeadlineHistory(feature, path);
  const say = words.value.range;
  if (history === undefined || !history.isTelling) return null;
  const note = history.since === null ? say.long[range.value] : say.historySince(format.value.instant(history.since));
  return (
    <Card title={figureTitle(live, feature, path)} note={note} class="history-card">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset asks for a form */}
      <div class="choices history-choices" role="group" aria-label={say.figure}>
        {headlines.map((each) => (
          <Button
            key={each}
            label={figureTitle(live, feature, each)}
            pressed={each === path}
            onPress={() => setChosen(each)}
          />
        ))}
      </div>
      <HistoryChart feature={feature} path={path} />
    </Card>
  );
}

function HistoryChart({ feature, path }: { feature: FeatureName; path: string }) {
  const live = useLive();
  const history = useHeadlineHistory(feature, path);
  const unit = describedFigure(live, feature, path)?.unit ?? 'count';
  const written = format.value;
  const { now, before } = words.value.range;
  const beforeTitle = before[range.value];
  const axis = useMemo<TrendAxis>(() => {
    const { step = 'day', starts = [] } = history ?? {};
    return step === 'day'
      ? { kind: 'day', keys: starts.map((start) => written.dayOf(start)), unfinished: false }
      : { kind: 'hour', keys: starts, unfinished: false };
  }, [history, written]);
  const series = useMemo<readonly TrendSeries[]>(
    () => [
      { title: now, unit, form: 'line', tone: 1, values: history?.values ?? [] },
      { title: beforeTitle, unit, form: 'before', tone: 'rest', values: history?.before ?? [] },
    ],
    [history, unit, now, beforeTitle],
  );
  return <TrendChart title={figureTitle(live, feature, path)} axis={axis} series={series} />;
}
