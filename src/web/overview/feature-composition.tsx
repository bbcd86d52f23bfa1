import { useMemo } from 'preact/hooks';
import type { FeatureName } from '../../client/index.ts';
import { Composition } from '../charts/composition.tsx';
import type { Tone } from '../charts/palette.ts';
import type { Share } from '../charts/series.ts';
import { type Live, useLive } from '../live/live.ts';
import { words } from '../words/words.ts';

type Part = Share & { readonly tone: Tone };

/** The composition of a feature that has no series over time. */
export function FeatureComposition({ feature }: { feature: FeatureName }) {
  const live = useLive();
  const data = live.snapshots[feature].value?.data;
  const say = words.value.composition;
  const parts = useMemo(() => partsOf(live, feature, say), [data, say]);
  return parts === undefined ? null : <Composition parts={parts} />;
}

function partsOf({ snapshots }: Live, feature: FeatureName, say: typeof words.value.composition): Part[] | undefined {
  if (feature === 'subscriptions') {
    const summary = snapshots.subscriptions.value?.data.summary;
    return (
      summary && [
        { title: say.active, value: summary.ActiveSubscriptions, tone: 1 },
        { title: say.cancelled, value: summary.CancelledSubscriptions, tone: 2 },
        {
          title: say.others,
          value: summary.TotalSubscriptions - summary.ActiveSubscriptions - summary.CancelledSubscriptions,
          tone: 'rest',
        },
      ]
    );
  }
  if (feature === 'content') {
    const summary = snapshots.content.value?.data.summary;
    return (
      summary && [
        { title: say.available, value: summary.VideosAvailable, tone: 1 },
        { title: say.failed, value: summary.VideosError, tone: 2 },
        {
          title: say.others,
          value: summary.TotalVideosLib - summary.VideosAvailable - summary.VideosError,
          tone: 'rest',
        },
      ]
    );
  }
  if (feature === 'users') {
    const summary = snapshots.users.value?.data.summary;
    return (
      summary && [
        { title: say.paying, value: summary.PayingUsers, tone: 1 },
        { title: say.notPaying, value: summary.TotalUsers - summary.PayingUsers, tone: 'rest' },
      ]
    );
  }
  return undefined;
}
