/**
 * Everything that must hold before a change is taken: `npm test`.
 *
 * The quick steps run first and do not stop each other, so that one run shows all there is to mend. The tests come last
 * because the last line of the whole is theirs.
 *
 *     npm test                every step
 *     npm test -- tests/core  the arguments go to the tests
 */
import { join } from 'node:path';

const STATIC_STEPS = ['lint', 'walls', 'unused', 'types'];
const ROOT = join(import.meta.dir, '..');

const failed: string[] = [];
for (const step of STATIC_STEPS) {
  const started = performance.now();
  const exitCode = await run(['run', '--silent', step]);
  console.log(`${step}: ${exitCode === 0 ? 'ok' : 'failed'}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (exitCode !== 0) failed.push(step);
}
if (failed.length > 0) console.log(`failed before the tests: ${failed.join(', ')}`);
const tests = await run(['tests/run.ts', ...Bun.argv.slice(2)]);
process.exit(failed.length > 0 ? 1 : tests);

function run(args: readonly string[]): Promise<number> {
  return Bun.spawn([process.execPath, ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] }).exited;
}
