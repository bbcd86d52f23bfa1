/** Longer than anything here takes: only a test that fails waits so long. */
const PATIENCE_MS = 45_000;

/** Waits for a state that no event announces. @throws Error when it does not come in time */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`This never came to hold: ${holds}`);
    await Bun.sleep(1);
  }
}
