/** Loaded before every test file (bunfig.toml). */
import fc from 'fast-check';
import { chooseSeed } from './run/seed.ts';

/** Less than the time that a test usually has: past it a property fails with what it has found so far. */
const WITHIN_MS = 25_000;

fc.configureGlobal({ seed: chooseSeed(), interruptAfterTimeLimit: WITHIN_MS, markInterruptAsFailure: true });
