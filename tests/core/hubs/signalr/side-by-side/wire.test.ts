import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { BUILD_WITHIN_MS, dotnetMissing } from '../../../../support/dotnet/sdk.ts';
import { unless } from '../../../../support/unless.ts';
import { openHttpWire } from './http-wire.ts';
import { openNegotiated } from './negotiated.ts';
import { type ReferencePair, startReferencePair } from './reference-pair.ts';
import { ENDINGS } from './scripts/endings.ts';
import { EVENT_STREAMS } from './scripts/event-streams.ts';
import { HANDSHAKES } from './scripts/handshakes.ts';
import { INVOCATIONS } from './scripts/invocations.ts';
import { NEGOTIATIONS } from './scripts/negotiations.ts';
import { POLLS } from './scripts/polls.ts';
import { STATEFUL_RECONNECTS, WEB_SOCKETS } from './scripts/reconnects.ts';
import { REFUSALS } from './scripts/refusals.ts';
import type { HttpScript, NegotiatedScript, Script, WebSocketScript } from './scripts/script.ts';
import { expectSame } from './transcript.ts';
import { openWire } from './wire.ts';

/**
 * What is said to our server and to ASP.NET Core is answered with the same records, statuses and closes, but for the
 * differences that the scripts tell.
 */
describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, 'on the wire, as with ASP.NET Core'), () => {
  let pair: ReferencePair;

  beforeAll(async () => {
    pair = await startReferencePair();
  }, BUILD_WITHIN_MS);

  afterAll(async () => {
    await pair.stop();
    expect(pair.ours.errors).toEqual([]);
  });

  const named = <Over>(scripts: readonly Script<Over>[]) => scripts.map((script) => [nameOf(script), script] as const);

  const compare = async <Over>(
    script: Script<Over>,
    transcript: (url: string, isOurs: boolean) => Promise<string[]>,
  ) => {
    const [ours, theirs] = await Promise.all([transcript(pair.ours.url, true), transcript(pair.theirs.url, false)]);
    expectSame(ours, theirs, script.differs);
  };

  const overWebSocket = (script: WebSocketScript) =>
    compare(script, async (url, isOurs) => {
      // Nothing but a first frame, or the address, tells our server that a WebSocket is to speak SignalR.
      const wire = await openWire(url, `/hubs/reference${isOurs ? '?protocol=signalr' : ''}`);
      await script.say(wire);
      wire.destroy();
      return [...wire.lines];
    });

  const overHttp = (script: HttpScript) =>
    compare(script, async (url) => {
      const wire = openHttpWire(`${url}/hubs/reference`);
      await script.say(wire);
      return [...wire.lines];
    });

  const overNegotiated = (script: NegotiatedScript) =>
    compare(script, async (url, isOurs) => {
      // Real seconds pass by themselves.
      const connection = openNegotiated(url, () => isOurs && pair.ours.advance(1_000));
      await script.say(connection);
      connection.destroy();
      return connection.lines();
    });

  describe('a handshake', () => test.each(named(HANDSHAKES))('%s', (_, script) => overWebSocket(script)));
  describe('an invocation', () => test.each(named(INVOCATIONS))('%s', (_, script) => overWebSocket(script)));
  describe('an ending', () => test.each(named(ENDINGS))('%s', (_, script) => overWebSocket(script)));
  describe('the negotiation', () => test.each(named(NEGOTIATIONS))('%s', (_, script) => overHttp(script)));
  describe('a refusal', () => test.each(named(REFUSALS))('%s', (_, script) => overHttp(script)));
  describe('Server-Sent Events', () => test.each(named(EVENT_STREAMS))('%s', (_, script) => overHttp(script)));
  describe('long polling', () => test.each(named(POLLS))('%s', (_, script) => overHttp(script)));
  describe('a WebSocket', () => test.each(named(WEB_SOCKETS))('%s', (_, script) => overNegotiated(script)));
  describe('stateful reconnect', () => {
    test.each(named(STATEFUL_RECONNECTS))('%s', (_, script) => overNegotiated(script));
  });
});

function nameOf({ name, differs }: Script<never>): string {
  return differs === undefined ? name : `${name} (differs: ${differs.why})`;
}
