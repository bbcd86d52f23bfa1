import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import * as fc from 'fast-check';
import { recordsIn } from '../../../support/signalr-wire.ts';
import { type Conversation, conversation } from './arbitrary-input.ts';
import { FakeChannel, openLoneHub } from './lone-session.ts';

// Machines that do other things besides take their time.
setDefaultTimeout(60_000);

type LoneHub = Awaited<ReturnType<typeof openLoneHub>>;

let hub: LoneHub;

beforeAll(async () => {
  hub = await openLoneHub();
});

afterAll(async () => {
  await hub.stop();
  expect(hub.errors).toEqual([]);
});

/** More than this never waits for a client: two snapshots, and as many answers as one is sent. */
const MOST_UNSENT_BYTES = 300 * 1024;

/** Of records: everything that a server sends. */
const ALLOWED_TYPES: ReadonlySet<unknown> = new Set([1, 2, 3, 6, 7, 8, 9]);

interface Happening {
  /** Before which piece of the conversation. */
  readonly before: number;
  readonly what: 'stuck' | 'drained' | 'second' | 'emission' | 'status' | 'long silence';
}

const happenings = fc.array(
  fc.record<Happening>({
    before: fc.nat(8),
    what: fc.constantFrom('stuck', 'drained', 'second', 'emission', 'status', 'long silence'),
  }),
  { maxLength: 4 },
);

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

let figure = 0;

async function happen({ what }: Happening, channel: FakeChannel, drained: () => void): Promise<void> {
  switch (what) {
    case 'stuck':
      channel.stuck = true;
      break;
    case 'drained':
      channel.release();
      drained();
      break;
    case 'second':
      hub.advance(1_000);
      break;
    case 'emission':
      hub.advance(250);
      hub.scripts.claims.show(++figure);
      await settle();
      break;
    case 'status':
      hub.scripts.users.failWith(figure % 2 === 0 ? 'no' : null);
      hub.scripts.users.show(++figure);
      await settle();
      break;
    case 'long silence':
      hub.advance(16_000);
  }
}

/** The type of a record, in either protocol; undefined for the answer to a handshake. */
function typeOf(record: unknown): unknown {
  if (Array.isArray(record)) return record[0];
  return typeof record === 'object' && record !== null && 'type' in record ? record.type : undefined;
}

/** Whether a server may say this: an answer to the handshake, then records, and nothing after a Close. */
function expectAllowed(records: readonly unknown[]): void {
  const [answer, ...others] = records;
  if (answer === undefined) return;
  expect(typeOf(answer)).toBeUndefined();
  if (JSON.stringify(answer) !== '{}') {
    expect(answer).toEqual({ error: expect.any(String) });
    expect(others).toEqual([]);
    return;
  }
  const types = others.map(typeOf);
  expect(types.filter((type) => !ALLOWED_TYPES.has(type))).toEqual([]);
  const closes = types.indexOf(7);
  if (closes >= 0) expect(closes).toBe(types.length - 1);
}

async function converse(
  { pieces }: Conversation,
  happened: readonly Happening[],
  stateful: boolean,
  asText: boolean,
): Promise<void> {
  const before = hub.ended;
  const channel = new FakeChannel();
  const session = hub.openSession(channel, stateful);
  for (const [index, piece] of pieces.entries()) {
    for (const happening of happened) {
      if (happening.before === index) await happen(happening, channel, () => session.drained());
    }
    session.receive(asText ? Buffer.from(piece).toString() : piece);
    session.keepAlive(index * 16_000);
  }
  await settle();
  expect(channel.unsentBytes()).toBeLessThan(MOST_UNSENT_BYTES);
  expectAllowed(channel.frames.flatMap(({ data }) => recordsIn(data)));
  expect(channel.endings.length).toBe(session.ended ? 1 : 0);
  session.terminate();
  expect(hub.ended).toBe(before + 1);
  expect(hub.topics.map(({ content }) => content.following + content.behind)).toEqual([0, 0]);
  // Whatever comes after the end is nobody's.
  const sent = channel.frames.length;
  for (const piece of pieces) session.receive(piece);
  session.drained();
  hub.advance(2_000);
  expect(channel.frames.length).toBe(sent);
}

describe.each([
  ['bytes', false, false],
  ['text', false, true],
  ['bytes, with stateful reconnect', true, false],
] as const)('a session that is sent %s', (_name, stateful, asText) => {
  test('never throws, says only what the protocol allows, and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, happenings, (input, happened) => converse(input, happened, stateful, asText)),
      { numRuns: 1_800 },
    );
  });
});
