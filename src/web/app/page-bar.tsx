import { Icon } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { now } from '../format/ticking.ts';
import { useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { newVersion } from './new-version.ts';

/** What the whole page suffers from: no connection, and for how long; or a new version that is about to be loaded. */
export function PageBar() {
  const lost = useLive().lostSince.value;
  if (lost !== undefined) {
    return (
      <div class="page-bar page-bar-care" role="status">
        <Icon name="offline" />
        <span>{words.value.offlineFor(format.value.duration(now.value - lost))}</span>
      </div>
    );
  }
  if (!newVersion.value) return null;
  return (
    <div class="page-bar" role="status">
      <Icon name="info" />
      <span>{words.value.newVersion}</span>
    </div>
  );
}
