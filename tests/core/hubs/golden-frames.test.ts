import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { features } from '../../../src/features/index.ts';
import { contractFeatures } from '../../contract/contract-features.ts';
import { connectHub, type Frame, type HubClient } from '../../support/hub-client.ts';
import { type HubServer, startHubServer } from './hub-server.ts';
import { COMPANY_NOW, openClaim, openSmallCompany } from './small-company.ts';

/**
 * The frames as they go over the wire, so that a change of the public shape shows in review.
 *
 * `UPDATE_GOLDEN=1 bun test tests/core/hubs/golden-frames.test.ts` writes the file anew.
 */
const GOLDEN = join(import.meta.dir, '../../contract/golden/hub-frames.json');
/** Of a longer list the first are shown, and how many there are. */
const SHOWN = 2;

let server: HubServer;
let sources: Awaited<ReturnType<typeof openSmallCompany>>;

beforeAll(async () => {
  sources = await openSmallCompany();
  server = startHubServer({ features, sources, now: COMPANY_NOW });
  await server.refreshed();
  server.advance(250);
});

afterAll(() => server.stop());

test('frames are those of the golden file', async () => {
  const recorded = { snapshots: await greetings(), conversation: await conversation() };
  const text = `${JSON.stringify(recorded, shorten, 2)}\n`;
  if (process.env.UPDATE_GOLDEN === '1') await Bun.write(GOLDEN, text);
  expect(text).toBe(await Bun.file(GOLDEN).text());
  expect(server.errors).toEqual([]);
});

/** The first frames of every hub of the contract. */
async function greetings(): Promise<Record<string, readonly Frame[]>> {
  const byHub: Record<string, readonly Frame[]> = {};
  for (const name of contractFeatures) {
    const client = await connectHub(server.url, name);
    byHub[name] = [await client.next(), await client.next()];
    await client.close();
  }
  return byHub;
}

type Line = { readonly sent: unknown } | { readonly received: Frame } | { readonly happens: string };

/** Every kind of frame, in the order in which one client of the claims gets them. */
async function conversation(): Promise<Line[]> {
  const client = await connectHub(server.url, 'claims');
  const lines: Line[] = [];
  const receive = async (count: number) => {
    for (let frame = 0; frame < count; frame++) lines.push({ received: withoutData(await client.next()) });
  };
  const say = async (frame: unknown, answers: number) => {
    lines.push({ sent: frame });
    client.send(frame);
    await receive(answers);
  };

  await receive(2);
  await say({ type: 'Ping', timestamp: 1_774_958_400_000 }, 1);
  await say({ type: 'Invoke', method: 'GetInitialData', args: [{}] }, 1);
  await say({ type: 'Subscribe', method: 'SubscribeToClaims' }, 1);
  await say({ type: 'Invoke', method: 'SubscribeToStatus' }, 2);
  await say({ type: 'Invoke', method: 'ForceUpdate' }, 2);
  lines.push({ happens: 'a claim is opened' });
  server.advance(250);
  await openClaim(sources, 3);
  await receive(1);
  lines.push({ happens: 'a table is renamed' });
  await renameTable('Claims', 'Elsewhere');
  await receive(1);
  await say({ type: 'Invoke', method: 'ForceUpdate' }, 1);
  lines.push({ happens: 'it gets its name back' });
  await renameTable('Elsewhere', 'Claims');
  await receive(1);
  await say({ type: 'Invoke', method: 'NoSuchMethod' }, 1);
  await say({ type: 'Greeting' }, 1);
  await say(['Ping'], 1);
  await sayRaw(client, lines, 'no JSON');
  await sayRaw(client, lines, new Uint8Array([1, 2, 3]));
  await sayRaw(client, lines, 'x'.repeat(64 * 1024 + 1));
  await client.close();
  return lines;
}

/** What a snapshot holds is among the greetings. */
function withoutData(frame: Frame): Frame {
  return frame.type === 'Snapshot' ? { ...frame, data: '<data>' } : frame;
}

async function sayRaw(client: HubClient, lines: Line[], frame: string | Uint8Array<ArrayBuffer>): Promise<void> {
  client.sendRaw(frame);
  lines.push({ sent: typeof frame === 'string' ? frame.slice(0, 20) : `${frame.length} bytes` });
  lines.push({ received: await client.next() });
}

function renameTable(from: string, to: string): Promise<void> {
  return sources.sql.write(`alter table ${from} rename to ${to}`);
}

function shorten(key: string, value: unknown): unknown {
  if (key === 'clientId') return '<uuid>';
  if (!Array.isArray(value) || value.length <= SHOWN || key === 'conversation') return value;
  return [...value.slice(0, SHOWN), `… ${value.length} in all`];
}
