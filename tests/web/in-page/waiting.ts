/** Waits, frame by frame, for a state that no event announces. */
export async function untilHolds(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(requestAnimationFrame);
}

/** Until a view stands as it stays: with figures, fonts and charts, and nothing that is being asked for. */
export async function untilShown(view: string): Promise<void> {
  await document.fonts.ready;
  const first = view === 'overview' ? '[data-figure="storage.stats.TotalGB"]' : `[data-figure^="${view}."]`;
  await untilHolds(
    () =>
      document.querySelector(first) !== null &&
      document.querySelector('.skeleton, .asking') === null &&
      [...document.querySelectorAll('canvas')].every(({ width, height }) => width > 0 && height > 0),
  );
  // Charts take their size from an observer, which runs after the next layout.
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
}

/** Until the page's own clock has run so long: nothing else tells that a time of grace is over. */
export async function elapsed(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await untilHolds(() => performance.now() >= end);
}
