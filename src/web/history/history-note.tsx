import type { FeatureName } from '../../client/index.ts';
import { useLive } from '../live/live.ts';
import { words } from '../words/words.ts';

/** One quiet line while the history of a feature in view cannot be had. */
export function HistoryNote({ features }: { features: readonly FeatureName[] }) {
  const { histories } = useLive();
  if (!features.some((feature) => histories.failed(feature).value)) return null;
  return (
    <p class="history-note" role="status">
      {words.value.range.failed}
    </p>
  );
}
