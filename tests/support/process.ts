import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../..');
/** Longer than any start or stop takes; only a test that fails waits so long. */
const PATIENCE_MS = 20_000;

type Environment = Readonly<Record<string, string>>;

/** The program as a person starts it, in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** What a person sees once the server runs, and what came before it. */
  readonly banner: string;
  /** Milliseconds from the start of the process to its banner. */
  readonly startedInMs: number;
  /** Log lines so far. */
  readonly log: () => string;
  /** Every feature has a first snapshot. */
  ready(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code; null where a signal ended the process. */
  readonly exited: Promise<number | null>;
}

export interface FailedStart {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/**
 * Starts the server on a free port with a small demo company in which nothing moves, unless told otherwise.
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
    async ready() {
      while (!(await fetch(`${url}/ready`)).ok) await Bun.sleep(5);
    },
  };
}

/** Starts the server in the belief that it will refuse to. */
export async function startInVain(environment: Environment): Promise<FailedStart> {
  const { exited, output, errors } = spawn(environment, tmpdir(), ROOT);
  const code = await within(exited, 'the end of the process');
  await Promise.all([output.ended, errors.ended]);
  return { code, output: output.text(), errors: errors.text() };
}

/** An empty folder, and a way to be rid of it. */
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

/** What a stream has said so far. */
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
  const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), PATIENCE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
