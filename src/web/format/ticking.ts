import { signal } from '@preact/signals';

const TICK_MS = 1000;

/** The browser's clock, once a second: what an age on the page is counted from. */
export const now = signal(Date.now());

/** Starts the clock. It rests while the page is hidden, and is right again at once when it is seen. */
export function startTicking(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, TICK_MS);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) now.value = Date.now();
  });
}
