/** Loaded before every test file (bunfig.toml). */
import fc from 'fast-check';
import { chooseSeed } from './run/seed.ts';

/** Shorter than the timeout of a test in `tests/run.ts`, so a slow property fails with its counterexample, if any. */
const WITHIN_MS = 50_000;

fc.configureGlobal({ seed: chooseSeed(), interruptAfterTimeLimit: WITHIN_MS, markInterruptAsFailure: true });
