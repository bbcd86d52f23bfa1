import { afterEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { bodyOf } from '../support/response-body.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';

const folder = temporaryFolders();
const SLOW_MS = 30_000;
let server: ServerProcess;

const Status = Type.Object({
  history: Type.Object({ bytes: Type.Integer(), oldest: Type.Union([Type.String(), Type.Null()]) }),
});

afterEach(async () => {
  server.signal('SIGKILL');
  await server.exited;
});

const statusOf = async () => (await bodyOf(await fetch(`${server.url}/ws/status`), Status)).history;

/** Starts the server and waits for its first point. @returns the minute of its oldest one */
async function start(environment: Readonly<Record<string, string>>): Promise<string> {
  server = await startProcess(environment);
  await server.ready();
  await until(async () => (await statusOf()).oldest !== null);
  return (await statusOf()).oldest ?? '';
}

test(
  'a point outlives the end of the process, however it ends',
  async () => {
    const state = folder();
    const environment = { STATE_DIR: state, DEMO_DIR: join(state, 'demo') };
    const oldest = await start(environment);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      server.signal(signal);
      await server.exited;
      expect(await start(environment)).toBe(oldest);
    }
  },
  SLOW_MS,
);

test(
  'demo data in memory leave none: the next start has another company',
  async () => {
    const state = folder();
    await start({ STATE_DIR: state });
    expect(existsSync(join(state, 'history.sqlite'))).toBe(false);
  },
  SLOW_MS,
);

test(
  'a file that is no history is left alone, and the history is in memory',
  async () => {
    const state = folder();
    await Bun.write(join(state, 'history.sqlite'), 'x'.repeat(5_000));
    await start({ STATE_DIR: state, DEMO_DIR: join(state, 'demo') });
    expect(server.log()).toContain('the history is not kept over a restart');
    expect(await Bun.file(join(state, 'history.sqlite')).text()).toBe('x'.repeat(5_000));
  },
  SLOW_MS,
);

test(
  'a file that cannot be opened does not keep the server from starting',
  async () => {
    const state = folder();
    // Refused to root as well, unlike a file without permissions.
    mkdirSync(join(state, 'history.sqlite'));
    await start({ STATE_DIR: state, DEMO_DIR: join(state, 'demo') });
    expect(server.log()).toContain('history.sqlite cannot be used (EISDIR)');
  },
  SLOW_MS,
);
