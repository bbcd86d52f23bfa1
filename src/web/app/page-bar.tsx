import { Icon } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { now } from '../format/ticking.ts';
import { useLive } from '../live/live.ts';
import { words } from '../words/words.ts';
import { newVersion } from './new-version.ts';

/** Counts how long the connection has been lost. Only the loss itself is read aloud: an age would be every second. */
export function LostConnection({ since }: { since: number }) {
  return (
    <>
      <span class="visually-hidden" role="status">
        {words.value.lost}
      </span>
      <span aria-hidden="true">{words.value.offlineFor(format.value.duration(now.value - since))}</span>
    </>
  );
}

/** A message about the whole page: the connection is lost, or a new version is about to load. */
export function PageBar() {
  const lost = useLive().lostSince.value;
  if (lost !== undefined) {
    return (
      <div class="page-bar">
        <p class="page-bar-text page-bar-care">
          <Icon name="offline" />
          <LostConnection since={lost} />
        </p>
      </div>
    );
  }
  if (!newVersion.value) return null;
  return (
    <div class="page-bar" role="status">
      <p class="page-bar-text">
        <Icon name="info" />
        {words.value.newVersion}
      </p>
    </div>
  );
}
