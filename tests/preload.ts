/** Loaded before every test file (bunfig.toml). */
import fc, { type RunDetails } from 'fast-check';
import { chooseSeed } from './run/seed.ts';

/** Less than a test has in `tests/run.ts`, so that a counterexample is shown before the test's own time is up. */
const WITHIN_MS = 50_000;

/** On a slow machine a property tries fewer values. That is no failure, but it is said. */
function report(details: RunDetails<unknown>): void {
  const message = fc.defaultReportMessage(details);
  if (message !== undefined) throw new Error(message, { cause: details.errorInstance });
  if (details.interrupted) console.log(`property: time was up after ${details.numRuns} runs`);
}

fc.configureGlobal({
  seed: chooseSeed(),
  interruptAfterTimeLimit: WITHIN_MS,
  markInterruptAsFailure: false,
  // Of properties that are asynchronous too, though the name says otherwise.
  reporter: report,
});
