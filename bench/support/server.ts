import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `src/main.ts`, started as by a user. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Time from spawn to a snapshot of every feature, ms. */
  readonly readyAfterMs: number;
  stop(): Promise<void>;
}

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const READY_WITHIN_MS = 60_000;
const POLL_INTERVAL_MS = 5;

/**
 * Starts the server with the demo company on a free port and waits until `/ready` answers 200.
 *
 * @param environment variables of `src/config`; nothing else is passed on, so that a `.env` of one's own databases
 * or a variable of the shell changes nothing
 * @throws Error when the server ends or is not ready in time
 */
export async function startServer(environment: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'greg-bench-'));
  const startedAt = performance.now();
  const child = Bun.spawn([process.execPath, '--no-env-file', MAIN], {
    cwd: directory,
    env: { PATH: process.env.PATH ?? '', PORT: '0', STATE_DIR: directory, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Stops the server however the benchmark ends.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = await urlInBanner(child.stdout);
  await untilReady(url, startedAt + READY_WITHIN_MS);
  return {
    url,
    pid: child.pid,
    readyAfterMs: performance.now() - startedAt,
    async stop() {
      child.kill('SIGTERM');
      await child.exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function urlInBanner(output: ReadableStream<Uint8Array>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async () => {
    let text = '';
    for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const port = /http:\/\/localhost:(\d+)\//.exec(text)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    }
    reject(new Error(`The server ended before it ran: ${text}`));
  };
  read().catch(reject);
  setTimeout(() => reject(new Error('The server printed no banner in time')), READY_WITHIN_MS).unref();
  return promise;
}

async function untilReady(url: string, deadline: number): Promise<void> {
  while ((await fetch(`${url}/ready`)).status !== 200) {
    if (performance.now() > deadline) throw new Error('The server is not ready in time');
    await Bun.sleep(POLL_INTERVAL_MS);
  }
}
