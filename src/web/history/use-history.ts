import { useEffect, useMemo } from 'preact/hooks';
import type { FeatureName } from '../../client/index.ts';
import { range } from '../app/preferences.ts';
import { useLive } from '../live/live.ts';
import { type HeadlineHistory, headlineHistory } from './headline-history.ts';
import type { HeldHistory } from './histories.ts';

/** Keeps the history of a feature up to date while the component is shown. It waits for the first figures. */
export function useWatchedHistory(feature: FeatureName): void {
  const { histories, snapshots } = useLive();
  const isReady = snapshots[feature].value !== undefined;
  useEffect(() => (isReady ? histories.watch(feature) : undefined), [histories, feature, isReady]);
}

/**
 * A figure over the chosen range; over the range before while the answer is on its way. Undefined before the first answer,
 * after a failure, and if nothing was recorded.
 */
export function useHeadlineHistory(feature: FeatureName, path: string): HeadlineHistory | undefined {
  const held = useShownHistory(feature);
  return useMemo(() => held && headlineHistory(held.range, held.answer, path), [held, path]);
}

/** The answer to show; undefined before the first one, and if there is none of the chosen range. */
export function useShownHistory(feature: FeatureName): HeldHistory | undefined {
  const { histories } = useLive();
  const held = histories.of(feature).value;
  const hasFailed = histories.failed(feature).value;
  return hasFailed && held?.range !== range.value ? undefined : held;
}
