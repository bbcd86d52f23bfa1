import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { features } from '../../src/features/index.ts';
import { connectHub, type HubClient } from '../support/hub-client.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';

type Sequence = Readonly<Record<string, number>>;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  server.signal('SIGKILL');
  await server.exited;
  await folder[Symbol.asyncDispose]();
});

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const { path } = folder;
  server = await startProcess({ STATE_DIR: `${path}/state`, DEMO_DIR: `${path}/demo`, ...environment });
  await server.ready();
}

async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  server.signal(signal);
  expect(await server.exited).toBe(signal === 'SIGTERM' ? 0 : null);
}

/** The number of each feature's newest snapshot. */
async function sequence(): Promise<Sequence> {
  const numbers: Record<string, number> = {};
  const client = await connectHub(server.url, 'all');
  while (Object.keys(numbers).length < features.length) {
    const { hub, seq } = await client.nextOf('Snapshot');
    numbers[String(hub)] = Number(seq);
  }
  await client.close();
  return numbers;
}

/** Waits until a feature has sent this many more snapshots. */
async function more(client: HubClient, hub: string, count: number): Promise<void> {
  for (let seen = 0; seen < count; seen++) await client.nextOf('Snapshot', { hub, reason: 'Auto' });
}

/** The newest numbers of each feature that a client has seen. */
function newest(client: HubClient, before: Sequence): Sequence {
  const numbers = { ...before };
  for (const { type, hub, seq } of client.frames) {
    if (type === 'Snapshot') numbers[String(hub)] = Math.max(numbers[String(hub)] ?? 0, Number(seq));
  }
  return numbers;
}

describe('over a restart', () => {
  test('the same content has the same number', async () => {
    await start();
    const before = await sequence();
    await end('SIGTERM');
    await start();
    // The list of courses depends on no clock, so that its content is the same for certain.
    const { content, ...rest } = await sequence();
    expect(content).toBe(before.content);
    for (const [hub, seq] of Object.entries(rest)) expect(seq).toBeGreaterThanOrEqual(before[hub] ?? Infinity);
  }, 120_000);

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'after %s no number goes back, and changed content has a new one',
    async (signal) => {
      let seen: Sequence = {};
      for (let run = 0; run < 2; run++) {
        await start({ DEMO_RATE: '50', EMIT_INTERVAL_MS: '250' });
        const first = await sequence();
        for (const [hub, seq] of Object.entries(seen)) expect(first[hub]).toBeGreaterThanOrEqual(seq);
        const client = await connectHub(server.url, 'all');
        await more(client, 'financial', 2);
        const now = newest(client, first);
        expect(now.financial).toBeGreaterThan(seen.financial ?? 0);
        seen = now;
        await end(signal);
      }
    },
    120_000,
  );
});
