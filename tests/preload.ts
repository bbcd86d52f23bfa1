/** Loaded before every test file (bunfig.toml). */
import fc, { type RunDetails } from 'fast-check';
import { chooseSeed } from './run/seed.ts';

/** Shorter than the timeout of a test in `tests/run.ts`, so a slow property shows its counterexample, if any. */
const WITHIN_MS = 50_000;

/** On a slow machine a property tries fewer values. That is no failure, but it is printed. */
function report(details: RunDetails<unknown>): void {
  const message = fc.defaultReportMessage(details);
  if (message !== undefined) throw new Error(message, { cause: details.errorInstance });
  if (details.interrupted) console.log(`property: time was up after ${details.numRuns} runs`);
}

fc.configureGlobal({
  seed: chooseSeed(),
  interruptAfterTimeLimit: WITHIN_MS,
  markInterruptAsFailure: false,
  // Also called for asynchronous properties.
  reporter: report,
});
