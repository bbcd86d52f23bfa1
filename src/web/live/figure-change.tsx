import type { FeatureName } from '../../client/index.ts';
import { changeRatio, compareWindows } from '../charts/series.ts';
import { format } from '../format/formatting.ts';
import { now } from '../format/ticking.ts';
import { baselineOf, type HistoryBaseline } from '../history/headline-history.ts';
import { useHeadlineHistory } from '../history/use-history.ts';
import { words } from '../words/words.ts';
import type { Figure } from './catalogue.ts';
import { ChangeChip } from './change-chip.tsx';
import { numberAt } from './figure-path.ts';
import { type Live, useLive } from './live.ts';
import { describedFigure } from './titles.ts';

/**
 * The change of a figure over the chosen range, by its history. Before there is one: against the period before if the
 * snapshot holds one, otherwise since the page opened.
 */
export function FigureChange({ feature, path }: { feature: FeatureName; path: string }) {
  const live = useLive();
  const described = describedFigure(live, feature, path);
  const history = useHeadlineHistory(feature, path);
  if (described === undefined) return null;
  const current = numberAt(live.snapshots[feature].value?.data, path);
  const baseline = history && baselineOf(history);
  if (baseline !== undefined && current !== null) {
    return <HistoryChange current={current} baseline={baseline} described={described} />;
  }
  const held = heldComparison(live, `${feature}.${path}`);
  if (held !== undefined) {
    return (
      <ChangeChip
        change={held.ratio}
        text={format.value.changeRatio(held.ratio)}
        against={held.against}
        good={described.good}
      />
    );
  }
  const before = numberAt(live.baselines[feature].value?.data, path);
  const after = numberAt(live.snapshots[feature].value?.data, path);
  if (before === null || after === null) return null;
  const opened = openedText(live.openedAt, now.peek());
  const { sinceOpened, unchangedSince } = words.value.change;
  const change = after - before;
  if (change === 0) return <span class="chip">{unchangedSince(opened)}</span>;
  return (
    <ChangeChip
      change={change}
      text={format.value.change(change, described.unit)}
      against={sinceOpened(opened)}
      good={described.good}
    />
  );
}

interface HistoryChangeProps {
  readonly current: number;
  readonly baseline: HistoryBaseline;
  readonly described: Figure;
}

/** Money changes by a share of it, everything else by a number: a third more critical claims is one more. */
function HistoryChange({ current, baseline, described: { unit, good } }: HistoryChangeProps) {
  const { before, since, sameAs, sameSince } = words.value.range;
  const clock = baseline.since === null ? null : format.value.instant(baseline.since);
  const ratioOf = (value: number) =>
    unit === 'BRL' ? changeRatio({ current: baseline.value + value, before: baseline.value }) : undefined;
  const written = (value: number) => {
    const ratio = ratioOf(value);
    return ratio === undefined ? format.value.change(value, unit) : format.value.changeRatio(ratio);
  };
  const change = current - baseline.value;
  // A change that is too small to be seen in the figure is none.
  if (written(change) === written(0)) {
    return <span class="chip">{clock === null ? sameAs(before[baseline.range]) : sameSince(clock)}</span>;
  }
  return (
    <ChangeChip
      change={change}
      text={written(change)}
      against={clock === null ? before[baseline.range] : since(clock)}
      good={good}
    />
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The time of day, and the date too once that is ambiguous: a wall stays open for weeks. */
function openedText(openedAt: number, at: number): string {
  if (at - openedAt < DAY_MS) return format.value.clock(openedAt);
  return format.value.instant(new Date(openedAt).toISOString());
}

interface HeldComparison {
  readonly ratio: number;
  readonly against: string;
}

const MONTH_DAYS = 30;

/** The change against the period before, if the snapshot holds one. */
function heldComparison(live: Live, name: string): HeldComparison | undefined {
  const { change } = words.value;
  if (name === 'financial.revenue.MonthlyRevenue') {
    const days = live.snapshots.financial.value?.data.revenueByDay;
    const windows = compareWindows(days?.map(({ Amount }) => Amount) ?? [], MONTH_DAYS, true);
    const ratio = windows === undefined ? undefined : changeRatio(windows);
    return ratio === undefined ? undefined : { ratio, against: change.vs30Days };
  }
  return undefined;
}
