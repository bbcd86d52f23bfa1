/** Keeps the screen awake where the browser can. The lock is lost whenever the page is hidden, and taken again after. */
export function keepAwake(): void {
  const take = () => {
    if (document.hidden || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').catch(() => {
      // Refused, as on a low battery: the screen's own settings count.
    });
  };
  document.addEventListener('visibilitychange', take);
  take();
}
