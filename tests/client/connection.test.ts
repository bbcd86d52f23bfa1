import { beforeEach, describe, expect, test } from 'bun:test';
import { createClient } from '../../src/client/client.ts';
import type { Client, ClientOptions, ConnectionState } from '../../src/client/index.ts';
import { type ScriptedEnvironment, scriptedEnvironment } from './scripted-environment.ts';

const HOUR_MS = 3_600_000;

let environment: ScriptedEnvironment;
let states: ConnectionState[];

beforeEach(() => {
  environment = scriptedEnvironment();
  states = [];
});

function start(options: ClientOptions = {}): Client {
  const client = createClient({ baseUrl: 'http://bi.example:8000', environment, ...options });
  client.on('state', (state) => states.push(state));
  client.connect();
  return client;
}

const names = () => states.map(({ name }) => name);
/** Lets what is settled run on, without time. */
const settle = () => environment.clock.settle();

async function open(options: ClientOptions = {}): Promise<Client> {
  const client = start(options);
  await settle();
  environment.lastSocket().opened();
  return client;
}

/** A JWT that nobody signed. */
const tokenUntil = (instant: number) => `e30.${btoa(JSON.stringify({ exp: instant / 1000 }))}.x`;

const refuseWith = (status: number, detail: string) => {
  environment.answerWith(() =>
    Response.json({ type: 'urn:greg-bi:problem:any', title: 'No', status, detail }, { status }),
  );
};

/** The upgrade is refused, which looks like a connection that was lost before it opened. */
async function refuse(): Promise<void> {
  await settle();
  environment.lastSocket().closed(1006);
  await settle();
}

describe('the address', () => {
  test('is the hub of all, in plain JSON, without a token where there is none', async () => {
    await open();
    expect(environment.lastSocket().url.href).toBe('ws://bi.example:8000/hubs/all?protocol=json');
  });

  test('has the token, encoded; requests carry it in their header', async () => {
    await open({ token: async () => 'a+b/c=&d', baseUrl: 'https://bi.example/some/path' });
    const { url } = environment.lastSocket();
    expect(url.origin).toBe('wss://bi.example');
    expect(url.searchParams.get('access_token')).toBe('a+b/c=&d');
    await settle();
    expect(environment.requests[0]).toEqual({
      url: 'https://bi.example/api/about',
      authorization: 'Bearer a+b/c=&d',
    });
  });

  test.each([
    [['claims'], 'claims'],
    [['notifications'], 'notifications'],
    [['claims', 'users'], 'all'],
    [[], 'all'],
  ] as const)('of the hubs %j is %s', async (hubs, hub) => {
    await open({ hubs });
    expect(environment.lastSocket().url.pathname).toBe(`/hubs/${hub}`);
  });

  test('has to be told outside of a page', () => {
    expect(() => createClient()).toThrow('baseUrl');
  });
});

describe('a lost connection', () => {
  test('is tried again after a random part of a second, then of two, four … up to thirty', async () => {
    start();
    const delays: number[] = [];
    environment.randomIs(1);
    for (let attempt = 1; attempt <= 8; attempt++) {
      await refuse();
      const state = states.at(-1);
      if (state?.name !== 'waiting') throw new Error(`${state?.name} after attempt ${attempt}`);
      expect(state.attempt).toBe(attempt);
      delays.push(state.nextAttemptAt - environment.now());
      await environment.clock.advance(state.nextAttemptAt - environment.now());
      expect(environment.sockets).toHaveLength(attempt + 1);
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test.each([
    [0, 0],
    [0.25, 500],
    [0.5, 1_000],
  ])('takes the whole range: with %d of it the second attempt waits %d ms', async (random, expected) => {
    start();
    environment.randomIs(random);
    await refuse();
    await environment.clock.advance(1_000);
    await refuse();
    expect(states.at(-1)).toMatchObject({ nextAttemptAt: environment.now() + expected });
  });

  test('begins anew after it held for ten seconds, and not before', async () => {
    await open();
    environment.randomIs(1);
    const waits = async (heldMs: number) => {
      await environment.clock.advance(heldMs);
      environment.lastSocket().closed(1001);
      const state = states.at(-1);
      const waitMs = state?.name === 'waiting' ? state.nextAttemptAt - environment.now() : Number.NaN;
      await environment.clock.advance(waitMs);
      environment.lastSocket().opened();
      return waitMs;
    };
    expect(await waits(9_000)).toBe(1_000);
    expect(await waits(9_000)).toBe(2_000);
    expect(await waits(9_000)).toBe(4_000);
    expect(await waits(10_000)).toBe(1_000);
    expect(await waits(0)).toBe(1_000);
    expect(await waits(0)).toBe(2_000);
  });

  test('asks for the token at every attempt', async () => {
    let asked = 0;
    environment.randomIs(0);
    start({ token: () => `token-${++asked}` });
    for (let attempt = 1; attempt <= 3; attempt++) {
      await settle();
      expect(environment.lastSocket().url.searchParams.get('access_token')).toBe(`token-${attempt}`);
      await refuse();
      await environment.clock.advance(0);
    }
  });

  test('counts a token that cannot be had, or does not come, as a failed attempt', async () => {
    const sources = [() => Promise.reject(new Error('no login')), () => new Promise<string>(() => {})];
    for (const token of sources) {
      states = [];
      const client = start({ token });
      await environment.clock.advance(15_000);
      expect(names().slice(0, 2)).toEqual(['connecting', 'waiting']);
      client.close();
    }
    expect(environment.sockets).toEqual([]);
  });

  test('is waited for where the browser lets no socket be made', async () => {
    environment.refuseSockets(true);
    start();
    await settle();
    expect(names()).toEqual(['connecting', 'waiting']);
    environment.refuseSockets(false);
    await environment.clock.advance(1_000);
    environment.lastSocket().opened();
    expect(names()).toEqual(['connecting', 'waiting', 'connecting', 'open']);
  });

  test('gives up an attempt that does not open in time', async () => {
    start();
    await settle();
    const first = environment.lastSocket();
    await environment.clock.advance(15_000);
    expect(first.isAbandoned).toBe(true);
    expect(names()).toEqual(['connecting', 'waiting']);
    first.opened();
    expect(names()).toEqual(['connecting', 'waiting']);
  });
});

describe('a silent server', () => {
  const pings = () => environment.lastSocket().sent.map((text) => Object(JSON.parse(text)).type);

  test('is asked after fifteen seconds, and left when it does not answer in twenty', async () => {
    await open();
    await environment.clock.advance(14_999);
    expect(pings()).toEqual([]);
    await environment.clock.advance(1);
    expect(pings()).toEqual(['Ping']);
    await environment.clock.advance(19_999);
    expect(names()).toEqual(['connecting', 'open']);
    await environment.clock.advance(1);
    expect(names()).toEqual(['connecting', 'open', 'waiting']);
    expect(environment.lastSocket().isAbandoned).toBe(true);
  });

  test.each([
    ['a Pong', { type: 'Pong', timestamp: 1 }],
    ['any frame', { type: 'Later', hub: 'claims' }],
  ])('is heard of by %s', async (_, frame) => {
    await open();
    for (let minute = 0; minute < 60; minute++) {
      await environment.clock.advance(34_000);
      environment.lastSocket().frame(frame);
    }
    expect(names()).toEqual(['connecting', 'open']);
    expect(pings()).toHaveLength(60);
  });

  test('is not asked while it speaks', async () => {
    await open();
    for (let second = 0; second < 100; second++) {
      await environment.clock.advance(1_000);
      environment.lastSocket().frame({ type: 'Pong', timestamp: 1 });
    }
    expect(pings()).toEqual([]);
  });

  test('has its time once more where the program was paused: what has arrived is read after the timers', async () => {
    // The timers come late by a minute each, as after a pause.
    let lateMs = 0;
    const late = {
      elapsed: () => environment.elapsed() + lateMs,
      schedule: (delayMs: number, run: () => void) => environment.schedule(delayMs, run),
    };
    await open({ environment: { ...environment, ...late } });
    await environment.clock.advance(15_000);
    lateMs = 60_000;
    await environment.clock.advance(20_000);
    expect(names()).toEqual(['connecting', 'open']);
    await environment.clock.advance(20_000);
    expect(names()).toEqual(['connecting', 'open', 'waiting']);
  });
});

describe('waking up', () => {
  test('while waiting tries at once', async () => {
    start();
    await refuse();
    expect(names()).toEqual(['connecting', 'waiting']);
    environment.wake();
    await settle();
    expect(names()).toEqual(['connecting', 'waiting', 'connecting']);
    expect(environment.sockets).toHaveLength(2);
  });

  test('while connecting changes nothing', async () => {
    start();
    await settle();
    environment.wake();
    await settle();
    expect(environment.sockets).toHaveLength(1);
  });

  test('while open asks for a sign of life within five seconds', async () => {
    await open();
    environment.wake();
    environment.wake();
    expect(environment.lastSocket().sent).toHaveLength(1);
    await environment.clock.advance(5_000);
    expect(names()).toEqual(['connecting', 'open', 'waiting']);
  });

  test('finds a connection that lives', async () => {
    await open();
    environment.wake();
    environment.lastSocket().frame({ type: 'Pong', timestamp: 1 });
    await environment.clock.advance(10_000);
    expect(names()).toEqual(['connecting', 'open']);
  });

  test('shortens a wait for an answer that is under way', async () => {
    await open();
    await environment.clock.advance(15_000);
    environment.wake();
    await environment.clock.advance(5_000);
    expect(names()).toEqual(['connecting', 'open', 'waiting']);
  });
});

describe('a refused client', () => {
  test.each([
    [401, 'Send a token'],
    [403, 'The token has none of the roles'],
  ])('of status %d stops, and says why', async (status, words) => {
    refuseWith(status, words);
    start({ token: () => 'x' });
    await refuse();
    expect(states.at(-1)).toMatchObject({ name: 'refused', code: status, words });
    await environment.clock.advance(HOUR_MS);
    expect(environment.sockets).toHaveLength(1);
    expect(environment.requests).toHaveLength(1);
  });

  test.each([404, 426, 429, 500, 503])('is none that is answered with %d: it tries again', async (status) => {
    refuseWith(status, 'later');
    start();
    await refuse();
    expect(states.at(-1)?.name).toBe('waiting');
  });

  test('of an expired token says so, found out by the close code', async () => {
    await open({ token: () => 'x' });
    refuseWith(401, 'The token has expired');
    environment.lastSocket().closed(4001);
    await environment.clock.advance(1_000);
    await refuse();
    expect(states.at(-1)).toMatchObject({ name: 'refused', code: 'expired' });
  });

  test('of an expired token says so, found out by the token itself', async () => {
    refuseWith(401, 'The token has expired');
    start({ token: () => tokenUntil(environment.now()) });
    await refuse();
    expect(states.at(-1)).toMatchObject({ name: 'refused', code: 'expired' });
  });

  test('of a token that was accepted before says that it was revoked', async () => {
    const token = tokenUntil(environment.now() + HOUR_MS);
    await open({ token: () => token });
    refuseWith(401, 'The token was revoked');
    environment.lastSocket().closed(1008);
    await environment.clock.advance(1_000);
    await refuse();
    expect(states.at(-1)).toMatchObject({ name: 'refused', code: 'revoked', words: 'The token was revoked' });
  });

  test('comes back within a minute of another token, by itself', async () => {
    let token = 'old';
    refuseWith(401, 'no');
    start({ token: () => token });
    await refuse();
    token = 'new';
    await environment.clock.advance(60_000);
    expect(environment.sockets).toHaveLength(2);
    expect(environment.lastSocket().url.searchParams.get('access_token')).toBe('new');
    environment.lastSocket().opened();
    expect(states.at(-1)?.name).toBe('open');
  });

  test('comes back at once with another token when it wakes up, and not with the same', async () => {
    let token = 'old';
    refuseWith(401, 'no');
    start({ token: () => token });
    await refuse();
    environment.wake();
    await settle();
    expect(environment.sockets).toHaveLength(1);
    token = 'new';
    environment.wake();
    await settle();
    expect(environment.sockets).toHaveLength(2);
  });

  test('without a token tries again when it wakes up: its cookie may be another one', async () => {
    refuseWith(401, 'no');
    start();
    await refuse();
    await environment.clock.advance(HOUR_MS);
    expect(environment.sockets).toHaveLength(1);
    environment.wake();
    await refuse();
    expect(environment.sockets).toHaveLength(2);
    expect(states.at(-1)?.name).toBe('refused');
  });

  test('forgets earlier failures with a new token, also while an attempt with the old one is under way', async () => {
    let token = 'old';
    const client = start({ token: () => token });
    await refuse();
    await environment.clock.advance(1_000);
    expect(states.at(-1)).toMatchObject({ name: 'connecting', attempt: 2 });
    client.connect();
    await settle();
    expect(environment.sockets).toHaveLength(2);
    token = 'new';
    client.connect();
    await settle();
    expect(environment.sockets).toHaveLength(3);
    expect(environment.lastSocket().url.searchParams.get('access_token')).toBe('new');
    expect(states.at(-1)).toMatchObject({ name: 'connecting', attempt: 1 });
  });

  test('tries again on request', async () => {
    refuseWith(403, 'no');
    const client = start();
    await refuse();
    client.connect();
    await settle();
    expect(environment.sockets).toHaveLength(2);
  });

  test('with an expired connection and a new token is let in, without being refused first', async () => {
    let token = 'old';
    await open({ token: () => token });
    token = 'new';
    environment.lastSocket().closed(4001);
    await environment.clock.advance(1_000);
    environment.lastSocket().opened();
    expect(names()).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
  });
});

describe('close()', () => {
  test('ends everything: no timer is left, and nothing that comes late is heard', async () => {
    const client = await open();
    const socket = environment.lastSocket();
    client.close();
    await settle();
    expect(socket.isAbandoned).toBe(true);
    expect(environment.isListening).toBe(false);
    socket.closed(1006);
    socket.frame({ type: 'Snapshot', hub: 'claims', seq: 1, data: {} });
    await environment.clock.advance(HOUR_MS);
    expect(names()).toEqual(['connecting', 'open', 'closed']);
    expect(client.snapshots).toEqual({});
    expect(environment.clock.waiting).toBe(0);
  });

  test('while it waits for a token, an answer or an attempt ends that', async () => {
    const client = start();
    client.close();
    await settle();
    expect(environment.sockets).toEqual([]);

    client.connect();
    await refuse();
    client.close();
    await environment.clock.advance(HOUR_MS);
    expect(environment.sockets).toHaveLength(1);
    expect(client.state.name).toBe('closed');
  });

  test.each(['connecting', 'open', 'waiting', 'refused'] as const)(
    'may be called by a listener of the state %s',
    async (name) => {
      if (name === 'refused') refuseWith(401, 'no');
      const client = createClient({ baseUrl: 'http://bi.example', environment });
      client.on('state', (state) => {
        if (state.name === name) client.close();
      });
      client.connect();
      await settle();
      if (name === 'open') environment.lastSocket().opened();
      if (name === 'waiting' || name === 'refused') await refuse();
      await environment.clock.advance(HOUR_MS);
      expect(client.state.name).toBe('closed');
      expect(environment.sockets.length).toBeLessThanOrEqual(1);
      expect(environment.clock.waiting).toBe(0);
    },
  );

  test('can be followed by connect()', async () => {
    const client = await open();
    client.close();
    client.close();
    client.connect();
    client.connect();
    await settle();
    expect(environment.sockets).toHaveLength(2);
    environment.lastSocket().opened();
    expect(names()).toEqual(['connecting', 'open', 'closed', 'connecting', 'open']);
  });
});

test('no state says what the token is', async () => {
  refuseWith(401, 'no');
  start({ token: () => 'very-secret' });
  await refuse();
  await environment.clock.advance(HOUR_MS);
  expect(JSON.stringify(states)).not.toContain('very-secret');
});
