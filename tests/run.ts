/**
 * Runs the tests and prints the outcome for people and machines.
 *
 *     bun tests/run.ts                    every test, lane after lane, with coverage of src/
 *     bun tests/run.ts --lane=fast        a lane (run/lanes.ts), or several: --lane=slow,alone
 *     bun tests/run.ts tests/core -t seq  some tests: all arguments go to `bun test`
 *
 * The last line is `N passed, N failed`, with `, N skipped` if tests were skipped. The exit code is 0 only if a test ran,
 * nothing failed, and, in a full run, at least 90 % of the lines of src/ were covered.
 *
 * When tests of at most three files failed in the lanes, those files run once more at the end, each alone. Tests of a file
 * that then passes count as passed and are printed as flaky.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAgain, settle } from './run/again.ts';
import { type BunTest, runBunTest } from './run/bun-test.ts';
import { coveragePercent, measureCoverage } from './run/coverage.ts';
import { LANES, type Lane, lanesOf, sortTests } from './run/lanes.ts';
import { closingLine, readResults, shortMessage, type TestResults } from './run/results.ts';
import { chooseSeed } from './run/seed.ts';
import { startSystemMongo } from './run/system-mongo.ts';

const ROOT = join(import.meta.dir, '..');
const REPORTS = join(ROOT, 'coverage');
const REQUIRED_PERCENT = 90;

const { chosenLanes, args } = lanesOf(Bun.argv.slice(2));
const everything = chosenLanes.length === LANES.length && args.length === 0;
const seed = String(chooseSeed());
const started = performance.now();
await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS);

const { lanes, unassigned } = await sortTests(ROOT);
const mongo = chosenLanes.length === 1 && chosenLanes[0] === 'fast' ? null : await startSystemMongo();
const environment = { TEST_SEED: seed, ...(mongo === null ? {} : { TEST_MONGO_URL: mongo.url }) };
/** Some tests elect a new primary or kill all sessions, which disturbs others on the same server. */
const sharesServer = mongo !== null || (process.env.TEST_MONGO_URL ?? '') !== '';
const runs: BunTest[] = [];
if (chosenLanes.length === 0) runs.push(await runBunTest('some', args, { environment }));
for (const lane of chosenLanes) runs.push(await runLane(lane));
const first = readResults(runs.map(({ junit }) => junit).join('\n'));
const again = chosenLanes.length === 0 ? [] : await runAgain(first.failed, runFileAgain);
await mongo?.stop();

const { results, flaky } = settle(first, again);
const expected = args.length === 0 ? chosenLanes.flatMap((lane) => lanes[lane]) : [];
const problems = [
  ...unassigned.map((file) => `${file} belongs to no lane: tests/run/lanes.ts says which names there are`),
  ...expected.filter((file) => !results.files.has(file)).map((file) => `${file} ran no test`),
];
// A file that cannot be loaded, or a runner that crashes, reports no failed test.
for (const { name, exitCode, junit } of runs) {
  const isExplained = exitCode === 0 || readResults(junit).failed.length > 0 || problems.length > 0;
  if (!isExplained) problems.push(`the test runner (${name}) ended with exit code ${exitCode}`);
}
if (results.passed + results.failed.length === 0) problems.push('no test was run');

console.log();
for (const name of results.skipped) console.log(`skipped: ${name}`);
const isCovered = everything ? await reportCoverage() : true;
for (const failure of flaky) {
  console.log(`\nflaky: ${failure.name}: failed once, passed when it was run again alone\n${shortMessage(failure)}`);
}
reportFailures(results, problems);
const all = [...runs, ...again.map(({ run }) => run)];
console.log(`tests: ${all.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', ')}`);
console.log(`together ${((performance.now() - started) / 1000).toFixed(1)} s, with TEST_SEED=${seed}`);
const failed = results.failed.length + problems.length;
console.log(closingLine(results.passed, failed, results.skipped.length));
process.exit(failed === 0 && isCovered ? 0 : 1);

async function runLane(lane: Lane): Promise<BunTest> {
  console.log(`\nlane ${lane}: ${lanes[lane].length} files`);
  const files = lanes[lane].map((file) => `./${file}`);
  return await runBunTest(lane, [...files, ...args], {
    environment,
    isAlone: lane === 'alone' || (lane === 'slow' && sharesServer),
    hasCoverage: everything,
  });
}

function runFileAgain(file: string, name: string): Promise<BunTest> {
  console.log(`\n${name}: ${file}`);
  return runBunTest(name, [`./${file}`, ...args], { environment, hasCoverage: everything });
}

/** Prints the coverage. @returns whether it is sufficient */
async function reportCoverage(): Promise<boolean> {
  const lcov = [...runs, ...again.map(({ run }) => run)].map((run) => run.lcov).join('');
  await Bun.write(join(REPORTS, 'lcov.info'), lcov);
  const coverage = await measureCoverage(lcov, ROOT);
  const percent = coveragePercent(coverage);
  const isEnough = percent >= REQUIRED_PERCENT;
  for (const path of coverage.neverLoaded) console.log(`not covered: ${path} was loaded by no test`);
  const verdict = isEnough ? '' : `, failed: ${REQUIRED_PERCENT} % are required`;
  console.log(`line coverage of src/: ${percent.toFixed(2)} % (${coverage.covered} of ${coverage.lines})${verdict}`);
  return isEnough;
}

/** Printed last, because the end of a log is read first. */
function reportFailures(results: TestResults, problems: readonly string[]): void {
  for (const failure of results.failed) console.log(`\nfailed: ${failure.name}\n${shortMessage(failure)}`);
  if (results.failed.length > 0) {
    const files = [...new Set(results.failed.map(({ file }) => file))];
    console.log(`\nto repeat: TEST_SEED=${seed} npm run test:some -- ${files.join(' ')}`);
  }
  for (const problem of problems) console.log(`failed: ${problem}`);
  for (const { name } of results.failed) console.log(`failed: ${name}`);
}
