import { Icon } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { now } from '../format/ticking.ts';
import { isOffline, useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { lostSince } from './lost-since.ts';

/** The last figures stay, grey; the bar says for how long there has been no connection. */
export function OfflineBar() {
  const { connection } = useLive();
  const state = connection.value;
  const lost = lostSince.value;
  if (!isOffline(state) || lost === undefined) return null;
  const { offlineFor } = words.value;
  return (
    <div class="offline-bar" role="status">
      <Icon name="offline" />
      <span>{offlineFor(format.value.duration(now.value - lost))}</span>
    </div>
  );
}
