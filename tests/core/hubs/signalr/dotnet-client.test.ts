import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SignJWT } from 'jose';
import type { EmissionReason } from '../../../../src/core/runtime/define-feature.ts';
import { companySources, runningFeature, startCompanyServer } from '../../../support/company-server.ts';
import {
  buildDotnetClient,
  type DotnetClientOptions,
  ENDS_WITHIN_MS,
  type Observation,
  runDotnetClient,
} from '../../../support/dotnet/client.ts';
import { BUILD_WITHIN_MS, dotnetMissing } from '../../../support/dotnet/sdk.ts';
import type { TestServer } from '../../../support/test-server.ts';
import { unless } from '../../../support/unless.ts';

const SECRET = 'a secret for tests, which is long enough';
const HUBS = ['claims', 'financial'] as const;

describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, 'the official .NET client'), () => {
  let server: TestServer;
  let assembly: string;
  let token: string;

  beforeAll(async () => {
    assembly = await buildDotnetClient();
    server = await startCompanyServer(await companySources(), { access: { secret: SECRET } });
    token = await tokenOf('Admin');
  }, BUILD_WITHIN_MS);

  afterAll(async () => {
    await server.stop();
    expect(server.errors).toEqual([]);
  });

  const converse = (hub: string, options: Omit<DotnetClientOptions, 'url'>) =>
    runDotnetClient(assembly, { url: `${server.url}/hubs/${hub}`, token, ...options });

  describe.each([
    ['WebSockets', 'json'],
    ['WebSockets', 'messagepack'],
    ['ServerSentEvents', 'json'],
    ['LongPolling', 'json'],
    ['LongPolling', 'messagepack'],
  ] as const)('over %s in %s', (transport, protocol) => {
    const seen = new Map<string, readonly Observation[]>();

    beforeAll(async () => {
      const conversations = HUBS.map(async (hub) => seen.set(hub, await converse(hub, { transport, protocol })));
      await Promise.all(conversations);
    }, ENDS_WITHIN_MS);

    test.each(HUBS)('binds every event of %s, and every figure in it', (hub) => {
      const { feature, actor } = runningFeature(server, hub);
      const data = actor.latest()?.data;
      const eventsFor = (reason: EmissionReason) =>
        feature.hub.events.map(({ target, argument }) => ({ saw: target, what: argument(data, reason) }));
      const initialData = { saw: 'InitialData', what: feature.hub.initialData?.(data) ?? data };
      const withEach = feature.hub.initialDataAtEachEmission === true ? [initialData] : [];
      const targets = new Set(['InitialData', ...feature.hub.events.map(({ target }) => target)]);

      expect((seen.get(hub) ?? []).filter(({ saw }) => targets.has(saw))).toEqual([
        ...withEach,
        ...eventsFor('Initial'),
        // What GetInitialData brings.
        initialData,
        ...eventsFor('Initial'),
        // What ForceUpdate brings.
        ...withEach,
        ...eventsFor('Manual'),
      ]);
    });

    test.each(HUBS)('gets an answer to everything that it asks of %s', (hub) => {
      const observations = seen.get(hub) ?? [];
      const whats = (name: string) => observations.filter(({ saw }) => saw === name).map(({ what }) => what);

      expect(whats('started')).toEqual([{ state: 'Connected' }]);
      expect(whats('completed')).toEqual([
        { method: 'GetInitialData' },
        { method: 'ForceUpdate' },
        { method: 'SubscribeToStatus' },
        { method: 'SubscribeToTheEnd' },
      ]);
      expect(whats('UpdateProcessed')).toEqual([{ status: 'ok', message: null }]);
      expect(whats('SubscriptionConfirmed')).toEqual([{ topic: 'Status' }, { topic: 'TheEnd' }]);
      expect(whats('Status')).toEqual([{ hub, status: 'live', since: null, reason: null }]);
      expect(whats('failed')).toEqual([
        {
          method: 'NoSuchMethod',
          Message:
            "Failed to invoke 'NoSuchMethod' due to an error on the server. HubException: Method does not exist.",
        },
        {
          method: 'StreamSnapshots',
          Message:
            "The client attempted to invoke the streaming 'StreamSnapshots' method with a non-streaming invocation.",
        },
      ]);
      // A value that cannot be bound is a warning, and its event is not seen.
      expect(whats('warning')).toEqual([]);
      expect(observations.at(-1)).toEqual({ saw: 'closed', what: { error: null } });
    });

    test.each(HUBS)('streams the snapshots of %s until it cancels', (hub) => {
      const observations = seen.get(hub) ?? [];
      const latest = runningFeature(server, hub).actor.latest();
      const items = observations.filter(({ saw }) => saw === 'item');
      expect(items).toHaveLength(1);
      expect(items[0]?.what).toEqual({
        hub,
        seq: latest?.seq,
        at: expect.stringMatching(/Z$/),
        status: 'live',
        unavailable: latest?.unavailable,
        problems: latest?.problems,
        data: latest?.data,
      });
      const names = observations.map(({ saw }) => saw);
      expect(names.slice(names.indexOf('item') + 1)).toContain('stream cancelled');
    });
  });

  test('Server-Sent Events carry no MessagePack: the client finds no transport', async () => {
    const [refused, ...more] = await converse('claims', { transport: 'ServerSentEvents', protocol: 'messagepack' });
    expect(refused?.saw).toBe('refused');
    expect(JSON.stringify(refused?.what)).toContain("The transport does not support the 'Binary' transfer format");
    expect(more).toEqual([]);
  });

  test.each([
    ['a token that was signed with another secret', 'Admin', 'another secret, which is long enough too', 401],
    ['a token of a role that may not read', 'Student', SECRET, 403],
  ])('%s is refused at the negotiation', async (_, role, secret, status) => {
    const refusedToken = await tokenOf(role, secret);
    const seen = await converse('claims', { transport: 'WebSockets', protocol: 'json', token: refusedToken });
    expect(seen.at(-1)).toMatchObject({
      saw: 'refused',
      what: {
        error: 'HttpRequestException',
        Message: expect.stringContaining(`status code does not indicate success: ${status}`),
      },
    });
  });
});

function tokenOf(role: string, secret = SECRET): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}
