import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const ROOT = join(import.meta.dir, '../..');
/** Longer than any start or stop takes, also on a busy machine; only a failing test waits this long. */
const PATIENCE_MS = 45_000;

type Environment = Readonly<Record<string, string>>;

/** The program in its own process, started as by a person. */
export interface ServerProcess {
  readonly url: string;
  /** Standard output up to and including the banner. */
  readonly banner: string;
  /** Milliseconds from the start of the process to its banner. */
  readonly startedInMs: number;
  /** Log lines so far. */
  readonly log: () => string;
  /** Every feature of a configured database is live: after a restart, its first refresh has ended. */
  ready(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code; null if a signal ended the process. */
  readonly exited: Promise<number | null>;
  /** Processor time of all its threads, ms. Zero before its exit. */
  cpuMs(): number;
}

export interface FailedStart {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/**
 * Starts the server on a free port, by default with a small unchanging demo company.
 *
 * @param directory to start in, and to read `.env` in; usually away from the repository, whose developer may have one
 * @param root of the program: the repository, or a copy of what is installed in production
 * @throws Error with what the process wrote, when it ends before its banner
 */
export async function startProcess(
  environment: Environment,
  directory = tmpdir(),
  root = ROOT,
): Promise<ServerProcess> {
  const started = performance.now();
  const { child, exited, output, errors } = spawn(environment, directory, root);
  await within(
    Promise.race([
      output.until((text) => /Emission .*\n/.test(text)),
      exited.then((code) => Promise.reject(new Error(`Ended with ${code}: ${errors.text()}`))),
    ]),
    'the banner',
  );
  const startedInMs = performance.now() - started;
  const [, port] = /Explore +http:\/\/[^:]+:(\d+)\//.exec(output.text()) ?? [];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    banner: output.text(),
    startedInMs,
    log: errors.text,
    exited,
    signal: (signal) => child.kill(signal),
    cpuMs: () => Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1_000,
    ready: () =>
      until(async () => {
        const response = await fetch(`${url}/ready`);
        return response.ok && !(await response.text()).includes('"stale"');
      }),
  };
}

/** Starts the server, which is expected to refuse. */
export async function startExpectingRefusal(environment: Environment): Promise<FailedStart> {
  const { exited, output, errors } = spawn(environment, tmpdir(), ROOT);
  const code = await within(exited, 'the end of the process');
  await Promise.all([output.ended, errors.ended]);
  return { code, output: output.text(), errors: errors.text() };
}

/** An empty folder, which is removed when it is disposed. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'greg-bi-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function spawn(environment: Environment, directory: string, root: string) {
  const child = Bun.spawn([process.execPath, join(root, 'src/main.ts')], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', PORT: '0', DEMO_SCALE: '0.02', DEMO_RATE: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = child.exited.then(() => child.exitCode);
  return { child, exited, output: collect(child.stdout), errors: collect(child.stderr) };
}

/** The text of a stream so far. */
function collect(stream: ReadableStream<Uint8Array>) {
  let text = '';
  let look = () => {};
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      text += decoder.decode(bytes, { stream: true });
      look();
    }
  };
  return {
    text: () => text,
    ended: read(),
    until: (holds: (text: string) => boolean) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (holds(text)) resolve();
        };
        look();
      }),
  };
}

async function within<Value>(work: Promise<Value>, what: string): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No sign of ${what}`)), PATIENCE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
