import type { EventStream, HttpWire } from '../http-wire.ts';
import { HELLO, RS, record } from '../wire.ts';
import { cancellation, type HttpScript, invocation, streamInvocation } from './script.ts';

/** Connections over Server-Sent Events. */
export const EVENT_STREAMS: readonly HttpScript[] = [
  {
    name: 'methods, an error and a stream',
    async say(wire) {
      const { events, post } = await greeted(wire, [HELLO]);
      for (const method of ['GetInitialData', 'SubscribeToStatus', 'NoSuchMethod']) {
        await post(invocation(method, method));
        await events.until(`"invocationId":"${method}"`);
      }
      await post(streamInvocation('s'));
      await events.until('"type":2');
      await post(cancellation('s'));
      await events.until('"type":3');
      events.abandon();
    },
  },
  {
    name: 'a handshake in two requests, then two invocations in one',
    async say(wire) {
      const { events, post } = await greeted(wire, [HELLO.slice(0, 9), HELLO.slice(9)]);
      await post(invocation('1', 'SubscribeToClaims') + invocation('2', 'SubscribeToClaims'));
      await events.until('"invocationId":"2"');
      events.abandon();
    },
  },
  {
    name: 'an empty request',
    async say(wire) {
      const { events, post } = await greeted(wire, [HELLO]);
      await post('');
      await post(invocation('1', 'SubscribeToClaims'));
      await events.until('"invocationId":"1"');
      events.abandon();
    },
  },
  {
    name: 'a handshake that is refused',
    async say(wire) {
      const { events, post } = await opened(wire);
      await post(record({ protocol: 'xml', version: 1 }));
      await events.end();
    },
  },
  {
    name: 'a handshake for MessagePack, which is no text',
    differs: {
      why: 'the reference hub speaks JSON alone, so it does not come to ask for the format',
      ours: ['{"error":"…"}'],
      theirs: [`{"error":"The protocol 'messagepack' is not supported."}`],
    },
    async say(wire) {
      const { events, post } = await opened(wire);
      await post(record({ protocol: 'messagepack', version: 1 }));
      await events.end();
    },
  },
  {
    name: 'a record that is not JSON ends it',
    async say(wire) {
      const { events, post } = await greeted(wire, [HELLO]);
      await post(`no JSON${RS}`);
      await events.end();
      await post(invocation('1', 'SubscribeToClaims'));
    },
  },
  {
    name: 'a Close of the client ends it',
    async say(wire) {
      const { events, post } = await greeted(wire, [HELLO]);
      await post(record({ type: 7 }));
      await events.end();
      await post(invocation('1', 'SubscribeToClaims'));
    },
  },
];

interface Opened {
  readonly events: EventStream;
  readonly post: (body: string) => Promise<string>;
}

async function opened(wire: HttpWire): Promise<Opened> {
  const id = await wire.negotiate();
  const events = await wire.listen(`?id=${id}`);
  return { events, post: (body) => wire.ask('POST', `?id=${id}`, { body }) };
}

/** Shakes hands, and takes the events that a newcomer gets. */
async function greeted(wire: HttpWire, handshake: readonly string[]): Promise<Opened> {
  const connection = await opened(wire);
  for (const piece of handshake) await connection.post(piece);
  await connection.events.until('SummaryUpdate');
  return connection;
}
