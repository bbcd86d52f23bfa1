import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { BUILD_WITHIN_MS, dotnetMissing } from '../../../../support/dotnet/sdk.ts';
import { unless } from '../../../../support/unless.ts';
import { openHttpWire } from './http-wire.ts';
import { type ReferencePair, startReferencePair } from './reference-pair.ts';
import { expectSame } from './transcript.ts';
import { HELLO, openWire } from './wire.ts';

const HUB = '/hubs/reference';
/** As often as ASP.NET Core looks whether it is time. */
const THEIR_PING_MS = 1_000;
const OUR_PING_MS = 15_000;

describe.skipIf(dotnetMissing !== null)(unless(dotnetMissing, 'signs of life, as with ASP.NET Core'), () => {
  let pair: ReferencePair;

  beforeEach(async () => {
    pair = await startReferencePair(THEIR_PING_MS);
  }, BUILD_WITHIN_MS);

  afterEach(() => pair.stop());

  const greetedWire = async (url: string) => {
    const wire = await openWire(url, `${HUB}?protocol=signalr`);
    wire.send(HELLO);
    await wire.until('SummaryUpdate');
    return wire;
  };

  const greetedEvents = async (url: string) => {
    const http = openHttpWire(`${url}${HUB}`);
    const at = `?id=${await http.negotiate()}`;
    const events = await http.listen(at);
    await http.ask('POST', at, { body: HELLO });
    await events.until('SummaryUpdate');
    return { http, events };
  };

  test('a ping over a WebSocket', async () => {
    const [ours, theirs] = await Promise.all([greetedWire(pair.ours.url), greetedWire(pair.theirs.url)]);
    pair.ours.advance(OUR_PING_MS);
    await Promise.all([ours.until('"type":6'), theirs.until('"type":6')]);
    expectSame(ours.lines, theirs.lines);
    for (const wire of [ours, theirs]) wire.destroy();
  });

  test('a ping over Server-Sent Events', async () => {
    const [ours, theirs] = await Promise.all([greetedEvents(pair.ours.url), greetedEvents(pair.theirs.url)]);
    pair.ours.advance(OUR_PING_MS);
    await Promise.all([ours.events.until('"type":6'), theirs.events.until('"type":6')]);
    expectSame(ours.http.lines, theirs.http.lines);
    for (const { events } of [ours, theirs]) events.abandon();
  });

  test('a server that stops (differs: ours says so, and that clients may come back)', async () => {
    const wires = await Promise.all([greetedWire(pair.ours.url), greetedWire(pair.theirs.url)]);
    const streams = await Promise.all([greetedEvents(pair.ours.url), greetedEvents(pair.theirs.url)]);
    const [ourWire, theirWire] = wires;
    const [ourStream, theirStream] = streams;
    const said = '{"type":7,"error":"Connection closed with an error. the server is stopping","allowReconnect":true}';
    await Promise.all([
      pair.stop(),
      ...wires.map((wire) => wire.until('closed')),
      ...streams.map(({ events }) => events.end()),
    ]);

    expect(ourWire?.lines.slice(3)).toEqual([said, 'closed 1000 "the server is stopping"']);
    expect(theirWire?.lines.slice(3)).toEqual([]);
    expect(ourStream?.http.lines.slice(-3)).toEqual([said, 'end of the stream', 'POST: 200']);
    expect(theirStream?.http.lines.slice(-2)).toEqual(['end of the stream', 'POST: 200']);
  });
});
