import type { FeatureName } from '../../client/index.ts';
import { changeRatio, compareWindows } from '../charts/series.ts';
import { format } from '../format/formatting.ts';
import { now } from '../format/ticking.ts';
import { words } from '../words/words.ts';
import { ChangeChip } from './change-chip.tsx';
import { numberAt } from './figure-path.ts';
import { type Live, useLive } from './live.ts';
import { describedFigure } from './titles.ts';

/** The change of a figure: against the period before if the snapshot holds one, otherwise since the page opened. */
export function FigureChange({ feature, path }: { feature: FeatureName; path: string }) {
  const live = useLive();
  const described = describedFigure(live, feature, path);
  if (described === undefined) return null;
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
