import { useEffect, useMemo } from 'preact/hooks';
import type { FeatureName } from '../../client/index.ts';
import { range } from '../app/preferences.ts';
import { useLive } from '../live/live.ts';
import { type HeadlineHistory, headlineHistory } from './headline-history.ts';

/** Keeps the history of a feature up to date while the component is shown. It waits for the first figures. */
export function useWatchedHistory(feature: FeatureName): void {
  const { histories, snapshots } = useLive();
  const isReady = snapshots[feature].value !== undefined;
  useEffect(() => (isReady ? histories.watch(feature) : undefined), [histories, feature, isReady]);
}

/** A figure over the chosen range; undefined while it is not known. */
export function useHeadlineHistory(feature: FeatureName, path: string): HeadlineHistory | undefined {
  const held = useLive().histories.of(feature).value;
  const shown = held?.range === range.value ? held.answer : undefined;
  return useMemo(() => shown && headlineHistory(shown, path), [shown, path]);
}
