/** Waits for what no event tells of. @throws Error when it does not come to that in a few seconds */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It never came to that');
    await Bun.sleep(1);
  }
}
