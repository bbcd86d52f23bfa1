import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
/** On a busy machine a browser or a server takes seconds to start. */
const TIMEOUT_MS = 120_000;

/** One run of `bun test`. */
export interface BunTest {
  readonly name: string;
  readonly exitCode: number;
  readonly seconds: number;
  /** Its reports; empty if it wrote none. */
  readonly junit: string;
  readonly lcov: string;
}

export interface BunTestOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** One file at a time. Otherwise one more than there are processors, since many tests mostly wait. */
  readonly isAlone?: boolean;
  readonly hasCoverage?: boolean;
}

/**
 * Runs `bun test` and passes its output on. Writes its reports to coverage/.
 *
 * @param name of the run, and of its reports
 * @param args files to run, and other arguments
 */
export async function runBunTest(name: string, args: readonly string[], options: BunTestOptions): Promise<BunTest> {
  const { environment, isAlone = true, hasCoverage = false } = options;
  const started = performance.now();
  const junit = `coverage/${name}.xml`;
  const folder = `coverage/${name}`;
  const flags = [
    `--timeout=${TIMEOUT_MS}`,
    ...['--reporter=junit', `--reporter-outfile=${junit}`],
    ...(isAlone ? [] : [`--parallel=${availableParallelism() + 1}`, '--no-isolate']),
    ...(hasCoverage ? ['--coverage', '--coverage-reporter=lcov', `--coverage-dir=${folder}`] : []),
  ];
  const exitCode = await Bun.spawn([process.execPath, 'test', ...flags, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  }).exited;
  const seconds = (performance.now() - started) / 1000;
  return { name, exitCode, seconds, junit: await textOf(junit), lcov: await textOf(`${folder}/lcov.info`) };
}

async function textOf(path: string): Promise<string> {
  const file = Bun.file(join(ROOT, path));
  return (await file.exists()) ? await file.text() : '';
}
