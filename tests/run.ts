/**
 * Runs the tests and says how they went in a form that both a person and a machine can read.
 *
 *     bun tests/run.ts                    every test, with coverage of src/
 *     bun tests/run.ts tests/core -t seq  some of them: everything given is passed to `bun test`; no coverage
 *
 * The last line is `N passed, N failed`, and `, N skipped` where any were. The exit code is 0 only when something was
 * run, nothing failed, and at least 90 % of the lines of src/ were covered.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Glob } from 'bun';
import { coveragePercent, measureCoverage } from './run/coverage.ts';
import { closingLine, readResults } from './run/results.ts';
import { startSystemMongo } from './run/system-mongo.ts';

const ROOT = join(import.meta.dir, '..');
const REPORTS = join(ROOT, 'coverage');
const JUNIT = join(REPORTS, 'junit.xml');
const LCOV = join(REPORTS, 'lcov.info');
const COVERAGE_FLAGS = [
  '--coverage',
  '--coverage-reporter=text',
  '--coverage-reporter=lcov',
  '--coverage-dir=coverage',
];
const REQUIRED_PERCENT = 90;
/** On a busy machine a browser or a server of its own takes seconds to start. */
const TIMEOUT_MS = 30_000;

const chosen = Bun.argv.slice(2);
const everything = chosen.length === 0;
const started = performance.now();
await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS);

const mongo = await startSystemMongo();
const exitCode = await runTests(mongo === null ? {} : { TEST_MONGO_URL: mongo.url });
await mongo?.stop();
const results = readResults(await textOf(JUNIT));
const unread = everything ? await filesNotIn(results.files) : [];
// A file that cannot be loaded, or a runner that dies, leaves no failed test behind.
const crashes = unread.length > 0 ? unread.length : Number(exitCode !== 0 && results.failed.length === 0);
const failed = results.failed.length + crashes;

console.log();
for (const name of results.skipped) console.log(`skipped: ${name}`);
for (const file of unread) console.log(`failed: ${file} ran no test`);
if (crashes > 0) console.log(`failed: the test runner ended with exit code ${exitCode}`);
const covered = everything ? await reportCoverage() : true;
if (results.passed + results.failed.length === 0) console.log('failed: no test was run');
// Last, so that whoever sees only the end of a log knows which they are.
for (const name of results.failed) console.log(`failed: ${name}`);
console.log(`tests: ${((performance.now() - started) / 1000).toFixed(1)} s`);
console.log(closingLine(results.passed, failed, results.skipped.length));
process.exit(exitCode === 0 && failed === 0 && results.passed > 0 && covered ? 0 : 1);

function runTests(environment: Readonly<Record<string, string>>): Promise<number> {
  const reports = ['--reporter=junit', `--reporter-outfile=${JUNIT}`];
  return Bun.spawn(
    [process.execPath, 'test', `--timeout=${TIMEOUT_MS}`, ...(everything ? COVERAGE_FLAGS : []), ...reports, ...chosen],
    {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  ).exited;
}

async function textOf(path: string): Promise<string> {
  const file = Bun.file(path);
  return (await file.exists()) ? await file.text() : '';
}

async function filesNotIn(seen: ReadonlySet<string>): Promise<string[]> {
  const files = await Array.fromAsync(new Glob('tests/**/*.test.ts').scan(ROOT));
  return files.filter((file) => !seen.has(file)).sort();
}

/** Whether enough is covered. */
async function reportCoverage(): Promise<boolean> {
  const coverage = await measureCoverage(await textOf(LCOV), ROOT);
  const percent = coveragePercent(coverage);
  const enough = percent >= REQUIRED_PERCENT;
  for (const path of coverage.neverLoaded) console.log(`not covered: ${path} was loaded by no test`);
  const verdict = enough ? '' : `, failed: ${REQUIRED_PERCENT} % are required`;
  console.log(`line coverage of src/: ${percent.toFixed(2)} % (${coverage.covered} of ${coverage.lines})${verdict}`);
  return enough;
}
