import type { FeatureName } from '../../client/index.ts';
import { State } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { serverAhead, serverNow } from '../format/ticking.ts';
import { words } from '../words/words.ts';
import { type FeatureState, featureState } from './feature-state.ts';
import { type Live, useLive } from './live.ts';

export function stateOf(live: Live, feature: FeatureName): FeatureState {
  const connection = live.connection.value;
  // The browser's clock says when the connection opened, the server's all else.
  const since = connection.since + serverAhead.value;
  return featureState(
    live.snapshots[feature].value,
    live.statuses[feature].value,
    { ...connection, since },
    serverNow.value,
  );
}

/** Dot, word and age of a feature, ticking. */
export function FeatureStatusLine({ feature }: { feature: FeatureName }) {
  const store = useLive();
  const state = stateOf(store, feature);
  const { ago, live, lost, noSourceFor, staleFor, connecting } = words.value;
  const offline = store.lostSince.value !== undefined;
  switch (state.kind) {
    case 'waiting':
      return <State tone="plain">{connecting}</State>;
    case 'no-source':
      return <State tone="bad">{noSourceFor(format.value.duration(serverNow.value - state.since))}</State>;
    case 'stale':
      return <State tone="care">{staleFor(format.value.duration(serverNow.value - state.since))}</State>;
    case 'live':
      return (
        <State tone={offline ? 'plain' : 'good'}>
          {offline ? lost : live} · {ago(format.value.duration(serverNow.value - state.at))}
        </State>
      );
  }
}
