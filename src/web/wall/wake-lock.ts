/** Keeps the screen awake if the browser supports it. Hiding the page releases the lock; showing it takes it again. */
export function keepAwake(): void {
  const take = () => {
    if (document.hidden || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').catch(() => {
      // The browser refused, for example on a low battery.
    });
  };
  document.addEventListener('visibilitychange', take);
  take();
}
