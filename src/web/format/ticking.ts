import { computed, signal } from '@preact/signals';

const TICK_MS = 1000;

/** The browser's clock, updated once a second. */
export const now = signal(Date.now());
/** How far the server's clock is ahead of the browser's, ms. */
export const serverAhead = signal(0);
/** The server's clock. The ages of what the server dates are computed from it: a browser's clock may be wrong by hours. */
export const serverNow = computed(() => now.value + serverAhead.value);

/** Starts the clock. It pauses while the page is hidden and catches up when the page is shown. */
export function startTicking(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, TICK_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) now.value = Date.now();
  });
}
