import { signal } from '@preact/signals';
import type { Live } from '../live/live.ts';

/** Whether a server of another version than the page's first one answers. */
export const newVersion = signal(false);

const QUIET_MS = 10_000;
const CHECK_MS = 1000;
const RELOADED_FOR = 'greg-bi.reloaded-for';

/** Loads the page again, once a version, when nobody has touched it for a while or nobody looks. */
export function reloadForNewVersions(live: Live): void {
  let touchedAt = Date.now();
  for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const) {
    addEventListener(
      event,
      () => {
        touchedAt = Date.now();
      },
      { passive: true },
    );
  }
  live.client.on('version', (version) => {
    if (newVersion.value || alreadyReloadedFor(version.now)) return;
    newVersion.value = true;
    const timer = setInterval(() => {
      const quiet = document.hidden || Date.now() - touchedAt > QUIET_MS;
      if (!quiet || document.querySelector('dialog[open]') !== null) return;
      clearInterval(timer);
      location.reload();
    }, CHECK_MS);
  });
}

/** Two servers of different versions behind one address must not make the page load itself for ever. */
function alreadyReloadedFor(version: string): boolean {
  try {
    const versions = sessionStorage.getItem(RELOADED_FOR)?.split(' ') ?? [];
    if (versions.includes(version)) return true;
    sessionStorage.setItem(RELOADED_FOR, [...versions, version].join(' '));
    return false;
  } catch {
    return true;
  }
}
