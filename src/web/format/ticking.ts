import { signal } from '@preact/signals';

const TICK_MS = 1000;

/** The browser's clock, updated once a second. Ages are computed from it. */
export const now = signal(Date.now());

/** Starts the clock. It pauses while the page is hidden and catches up when the page is shown. */
export function startTicking(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, TICK_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) now.value = Date.now();
  });
}
