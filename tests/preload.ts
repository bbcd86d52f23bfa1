/** Loaded before every test file (bunfig.toml). */
import fc from 'fast-check';
import { chooseSeed } from './run/seed.ts';

/** Less than a test has in `tests/run.ts`: a property that takes longer fails with its counterexample, if it has one. */
const WITHIN_MS = 50_000;

fc.configureGlobal({ seed: chooseSeed(), interruptAfterTimeLimit: WITHIN_MS, markInterruptAsFailure: true });
