import { signal } from '@preact/signals';
import type { Live } from '../live/live.ts';

/** Whether the server's version has changed since the page loaded. */
export const newVersion = signal(false);

const QUIET_MS = 10_000;
const CHECK_MS = 1000;
const RELOADED_FOR = 'greg-bi.reloaded-for';

/** Reloads the page once per new server version, when it is hidden or has had no input for a while. */
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

/** Two servers of different versions behind one address must not cause endless reloads. */
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
