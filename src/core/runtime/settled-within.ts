/** Waits until work has ended, well or not, but no longer than so many milliseconds. Never rejects. */
export async function settledWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, milliseconds);
  await Promise.race([work.catch(() => {}), patience.promise]);
  clearTimeout(timer);
}
