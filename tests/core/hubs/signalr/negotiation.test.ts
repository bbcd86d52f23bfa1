import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { handshake, negotiate, negotiated, negotiatedToken, openWire } from '../../../support/signalr-wire.ts';
import { type HubServer, startHubServer } from '../hub-server.ts';
import { figureFeatures } from './figure-features.ts';

const SECOND = 1_000;
const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

let server: HubServer;

beforeEach(async () => {
  server = startHubServer(figureFeatures('claims', 'users'));
  for (const { actor } of server.supervisor.running) await actor.refresh();
});

afterEach(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const availableTransports = [
  { transport: 'WebSockets', transferFormats: ['Text', 'Binary'] },
  { transport: 'ServerSentEvents', transferFormats: ['Text'] },
  { transport: 'LongPolling', transferFormats: ['Text', 'Binary'] },
];

async function answerTo(query: string): Promise<unknown> {
  const answer = await negotiate(server.url, 'claims', query);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(answer.headers.get('cache-control')).toContain('no-store');
  return answer.json();
}

describe('POST /hubs/{hub}/negotiate', () => {
  test.each(['', 'negotiateVersion=0'])('%p: version 0, which has no token', async (query) => {
    expect(await answerTo(query)).toEqual({
      negotiateVersion: 0,
      connectionId: expect.stringMatching(/^[\w-]{20,}$/),
      availableTransports,
    });
  });

  test.each(['negotiateVersion=1', 'negotiateVersion=2', 'negotiateVersion=999'])('%p: version 1', async (query) => {
    expect(await answerTo(query)).toEqual({
      negotiateVersion: 1,
      connectionId: expect.stringMatching(/^[\w-]{20,}$/),
      connectionToken: expect.stringMatching(/^[\w-]{22,}$/),
      availableTransports,
    });
  });

  test.each(['abc', '', '1.5', '-1', '1e0', '0x1', '99999999999', '1 2'])('version %p is an error', async (version) => {
    const query = `negotiateVersion=${encodeURIComponent(version)}`;
    expect(await answerTo(query)).toEqual({ error: expect.stringContaining(`'${version}'`) });
  });

  test('stateful reconnect is offered to clients that request it', async () => {
    for (const value of ['true', 'True']) {
      const answer = await answerTo(`negotiateVersion=1&useStatefulReconnect=${value}`);
      expect(answer).toMatchObject({ useStatefulReconnect: true });
    }
    for (const query of ['', '&useStatefulReconnect=false', '&useStatefulReconnect=', '&useStatefulReconnect=1']) {
      expect(await answerTo(`negotiateVersion=1${query}`)).not.toHaveProperty('useStatefulReconnect');
    }
  });

  test('no two connections share an id or a token', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => negotiatedToken(server.url, 'claims')));
    expect(new Set(answers).size).toBe(20);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is not possible', async (method) => {
    const answer = await fetch(`${server.url}/hubs/claims/negotiate`, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toContain('POST');
    expect(answer.headers.get('content-type')).toContain('problem+json');
  });

  test('a hub that does not exist', async () => {
    for (const hub of ['nothing', '__proto__']) {
      expect((await negotiate(server.url, hub, 'negotiateVersion=1')).status).toBe(404);
    }
  });

  test('names and values in any letter case', async () => {
    const answer = await negotiate(server.url, 'CLAIMS', 'NegotiateVersion=1&USESTATEFULRECONNECT=TRUE');
    expect(await answer.json()).toMatchObject({ negotiateVersion: 1, useStatefulReconnect: true });
  });
});

describe('tokens that nobody uses', () => {
  const request = () => new Request('http://localhost/hubs/claims/negotiate');
  const Token = Type.Object({ connectionId: Type.String() });
  const ask = async (subject: string) => {
    const answer: unknown = await server.hubs.negotiate('claims', request(), { subject, expiresAt: null }).json();
    return Value.Parse(Token, answer).connectionId;
  };
  const flood = async (subject: string, count: number) => {
    const tokens: string[] = [];
    for (let asked = 0; asked < count; asked++) tokens.push(await ask(subject));
    return tokens;
  };
  const isKnown = async (id: string) =>
    (await fetch(`${server.url}/hubs/claims?id=${id}`, { method: 'POST', body: '' })).status === 200;
  const known = async (tokens: readonly (string | undefined)[]) =>
    Promise.all(tokens.map((token) => isKnown(token ?? '')));

  test('are bounded for each caller, whose oldest give way; others keep theirs', async () => {
    const mine = await ask('me');
    const theirs = await flood('a flood', 10_000);
    expect(await known([theirs[0], theirs[8_999], theirs[9_000], theirs[9_999]])).toEqual([false, false, true, true]);
    expect(await known([mine, await ask('me'), await ask('somebody else')])).toEqual([true, true, true]);
  });

  test('of one caller that cannot be told from a flood serve while a thousand others are asked for', async () => {
    await flood('a proxy', 5_000);
    const mine = await ask('a proxy');
    await flood('a proxy', 999);
    expect(await known([mine])).toEqual([true]);
    await ask('a proxy');
    expect(await known([mine])).toEqual([false]);
  });

  test('are bounded for all callers: the one with the most gives way', async () => {
    const mine = await ask('me');
    const floods: string[][] = [];
    for (let caller = 0; caller < 12; caller++) floods.push(await flood(`flood ${caller}`, 900));
    expect(await known([mine, await ask('somebody else')])).toEqual([true, true]);
    const alive = (await Promise.all(floods.map((tokens) => known(tokens.filter((_, at) => at % 100 === 50))))).flat();
    expect(alive.filter((isAlive) => isAlive).length).toBeLessThan(108);
  });

  test('are forgotten after a while', async () => {
    const [early] = await flood('me', 10);
    server.advance(15 * SECOND);
    expect(await known([early])).toEqual([false]);
  });

  test('over the network: 10,000 from one caller shut nobody out', async () => {
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 500 }, () => negotiate(server.url, 'claims', '')));
    }
    const wire = await openWire(server.url, `/hubs/claims?id=${await negotiatedToken(server.url, 'claims')}`);
    wire.send(handshake());
    expect(await wire.next()).toEqual({});
    await wire.close();
  });
});

describe('the token of a negotiated connection', () => {
  const upgradeStatus = async (hub: string, id: string) => {
    const answer = await fetch(`${server.url}/hubs/${hub}?id=${id}`, { headers: UPGRADE });
    return answer.status;
  };

  test('serves once', async () => {
    const id = await negotiatedToken(server.url, 'claims');
    const wire = await openWire(server.url, `/hubs/claims?id=${id}`);
    expect(await upgradeStatus('claims', id)).toBe(404);
    expect((await fetch(`${server.url}/hubs/claims?id=${id}`)).status).toBe(404);
    // The one who has it is not disturbed.
    wire.send(handshake());
    expect(await wire.next()).toEqual({});
    expect(await upgradeStatus('claims', id)).toBe(404);
    await wire.close();
    expect(await upgradeStatus('claims', id)).toBe(404);
  });

  test('serves for 15 s', async () => {
    const [early, late] = await Promise.all([
      negotiatedToken(server.url, 'claims'),
      negotiatedToken(server.url, 'claims'),
    ]);
    server.advance(15 * SECOND - 1);
    const wire = await openWire(server.url, `/hubs/claims?id=${early}`);
    server.advance(1);
    expect(await upgradeStatus('claims', late)).toBe(404);
    await wire.close();
  });

  test('serves on its own hub', async () => {
    const id = await negotiatedToken(server.url, 'claims');
    expect(await upgradeStatus('users', id)).toBe(404);
    expect(await upgradeStatus('all', id)).toBe(404);
    const wire = await openWire(server.url, `/hubs/claims?id=${id}`);
    await wire.close();
  });

  test('is not the connection id, and none that somebody made up', async () => {
    const { connectionId } = await negotiated(server.url, 'claims', 'negotiateVersion=1');
    for (const id of [connectionId, '', 'nothing', '__proto__']) {
      expect(await upgradeStatus('claims', id)).toBe(404);
    }
  });

  test('of version 0 is the connection id', async () => {
    const { connectionId } = await negotiated(server.url, 'claims', '');
    const wire = await openWire(server.url, `/hubs/claims?id=${connectionId}`);
    wire.send(handshake());
    expect(await wire.next()).toEqual({});
    await wire.close();
  });
});
