import type { HttpWire } from './http-wire.ts';
import { HELLO, record } from './wire.ts';

/** What is said over HTTP, to `/hubs/reference` and below. */
export interface HttpScript {
  readonly name: string;
  say(wire: HttpWire): Promise<void>;
}

const EVENTS = { accept: 'text/event-stream' };
const invocation = (id: string, target: string) => record({ type: 1, invocationId: id, target, arguments: [{}] });

/** Asks once. */
function asking(name: string, method: string, path: string, options: Parameters<HttpWire['ask']>[2] = {}): HttpScript {
  return {
    name,
    async say(wire) {
      await wire.ask(method, path, options);
    },
  };
}

const negotiating = (query: string) => asking(`negotiate${query}`, 'POST', `/negotiate${query}`);

export const NEGOTIATIONS: readonly HttpScript[] = [
  negotiating('?negotiateVersion=1'),
  negotiating('?negotiateVersion=0'),
  negotiating(''),
  negotiating('?negotiateVersion=2'),
  negotiating('?negotiateVersion=-1'),
  negotiating('?negotiateVersion='),
  negotiating('?negotiateVersion=one'),
  negotiating('?negotiateVersion=1.5'),
  negotiating('?negotiateVersion=1&negotiateVersion=0'),
  negotiating('?NEGOTIATEVERSION=1'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=true'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=True'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=false'),
  negotiating('?negotiateVersion=1&useStatefulReconnect=1'),
  negotiating('?negotiateVersion=0&useStatefulReconnect=true'),
  asking('negotiate with a body', 'POST', '/negotiate?negotiateVersion=1', { body: '{}' }),
  asking('GET of the negotiation', 'GET', '/negotiate?negotiateVersion=1'),
  asking('PUT of the negotiation', 'PUT', '/negotiate?negotiateVersion=1'),
];

export const REFUSALS: readonly HttpScript[] = [
  ...['GET', 'POST', 'DELETE'].flatMap((method) => [
    asking(`${method} without an id`, method, ''),
    asking(`${method} with an empty id`, method, '?id='),
    asking(`${method} with an id that nobody was given`, method, '?id=nobody'),
  ]),
  asking('GET of events without an id', 'GET', '', { headers: EVENTS }),
  asking('GET of events with an id that nobody was given', 'GET', '?id=nobody', { headers: EVENTS }),
  asking('PUT', 'PUT', '?id=nobody'),
  {
    name: 'POST before there is a transport',
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
    },
  },
  {
    name: 'DELETE before there is a transport',
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('DELETE', `?id=${id}`);
    },
  },
  {
    name: 'DELETE of a stream of events',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      await wire.ask('DELETE', `?id=${id}`);
      events.abandon();
    },
  },
  {
    name: 'a second stream of events',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      await wire.ask('GET', `?id=${id}`, { headers: EVENTS });
      events.abandon();
    },
  },
  {
    name: 'a poll of a stream of events',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      await wire.ask('GET', `?id=${id}`);
      events.abandon();
    },
  },
  {
    name: 'a stream of events of a connection that polls',
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`, { headers: EVENTS });
    },
  },
  {
    name: 'an id on another hub',
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('GET', `/../other?id=${id}`);
    },
  },
];

export const EVENT_STREAMS: readonly HttpScript[] = [
  {
    name: 'methods, an error and a stream',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      for (const method of ['GetInitialData', 'SubscribeToStatus', 'NoSuchMethod']) {
        await wire.ask('POST', `?id=${id}`, { body: invocation(method, method) });
        await events.until(`"invocationId":"${method}"`);
      }
      await wire.ask('POST', `?id=${id}`, { body: record({ type: 4, invocationId: 's', target: 'StreamSnapshots', arguments: [{}] }) });
      await events.until('"type":2');
      await wire.ask('POST', `?id=${id}`, { body: record({ type: 5, invocationId: 's' }) });
      await events.until('"type":3');
      events.abandon();
    },
  },
  {
    name: 'a handshake in two requests, then two invocations in one',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO.slice(0, 9) });
      await wire.ask('POST', `?id=${id}`, { body: HELLO.slice(9) });
      await events.until('SummaryUpdate');
      await wire.ask('POST', `?id=${id}`, { body: invocation('1', 'SubscribeToClaims') + invocation('2', 'SubscribeToClaims') });
      await events.until('"invocationId":"2"');
      events.abandon();
    },
  },
  {
    name: 'an empty request',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      await wire.ask('POST', `?id=${id}`, { body: '' });
      await wire.ask('POST', `?id=${id}`, { body: invocation('1', 'SubscribeToClaims') });
      await events.until('"invocationId":"1"');
      events.abandon();
    },
  },
  {
    name: 'a handshake that is refused',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: record({ protocol: 'xml', version: 1 }) });
      await events.until('nothing more');
    },
  },
  {
    name: 'a handshake for MessagePack, which is no text',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: record({ protocol: 'messagepack', version: 1 }) });
      await events.until('nothing more');
    },
  },
  {
    name: 'a record that is not JSON ends it',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      await wire.ask('POST', `?id=${id}`, { body: `no JSON\u001e` });
      await events.until('nothing more');
      await wire.ask('POST', `?id=${id}`, { body: invocation('1', 'SubscribeToClaims') });
    },
  },
  {
    name: 'a Close of the client ends it',
    async say(wire) {
      const id = await wire.negotiate();
      const events = await wire.listen(`?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
      await events.until('SummaryUpdate');
      await wire.ask('POST', `?id=${id}`, { body: record({ type: 7 }) });
      await events.until('nothing more');
      await wire.ask('POST', `?id=${id}`, { body: invocation('1', 'SubscribeToClaims') });
    },
  },
];

export const POLLS: readonly HttpScript[] = [
  {
    name: 'the first poll, the handshake, a method, and the end',
    async say(wire) {
      const id = await polled(wire);
      await wire.ask('POST', `?id=${id}`, { body: invocation('1', 'GetInitialData') });
      await pollUntil(wire, id, '"invocationId":"1"');
      await wire.ask('DELETE', `?id=${id}`);
      wire.note('after the end');
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: invocation('2', 'GetInitialData') });
      await wire.ask('DELETE', `?id=${id}`);
    },
  },
  {
    name: 'the end while a poll is open',
    async say(wire) {
      const id = await polled(wire);
      const poll = wire.ask('GET', `?id=${id}`);
      await wire.ask('DELETE', `?id=${id}`);
      await poll;
      wire.note('after the end');
      await wire.ask('GET', `?id=${id}`);
    },
  },
  {
    name: 'a poll in the place of another',
    async say(wire) {
      const id = await polled(wire);
      const first = wire.ask('GET', `?id=${id}`);
      // The first one has to be there before it can be replaced.
      await Bun.sleep(300);
      const second = wire.ask('GET', `?id=${id}`);
      await first;
      wire.note('the second');
      await Promise.all([second, wire.ask('POST', `?id=${id}`, { body: invocation('1', 'NoSuchMethod') })]);
      await wire.ask('DELETE', `?id=${id}`);
    },
  },
  {
    name: 'a stream',
    async say(wire) {
      const id = await polled(wire);
      await wire.ask('POST', `?id=${id}`, { body: record({ type: 4, invocationId: 's', target: 'StreamSnapshots', arguments: [{}] }) });
      await pollUntil(wire, id, '"type":2');
      await wire.ask('POST', `?id=${id}`, { body: record({ type: 5, invocationId: 's' }) });
      await pollUntil(wire, id, '"type":3');
      await wire.ask('DELETE', `?id=${id}`);
    },
  },
  {
    name: 'a handshake that is refused',
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('POST', `?id=${id}`, { body: record({ protocol: 'xml', version: 1 }) });
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`);
    },
  },
  {
    name: 'a record that is not JSON ends it',
    async say(wire) {
      const id = await polled(wire);
      await wire.ask('POST', `?id=${id}`, { body: `no JSON\u001e` });
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`);
    },
  },
  {
    name: 'a Close of the client ends it',
    async say(wire) {
      const id = await polled(wire);
      await wire.ask('POST', `?id=${id}`, { body: record({ type: 7 }) });
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`);
      await wire.ask('GET', `?id=${id}`);
    },
  },
];

/** Negotiates, polls for the first time, shakes hands, and takes the events that a newcomer gets. */
async function polled(wire: HttpWire): Promise<string> {
  const id = await wire.negotiate();
  await wire.ask('GET', `?id=${id}`);
  await wire.ask('POST', `?id=${id}`, { body: HELLO });
  await pollUntil(wire, id, 'SummaryUpdate');
  return id;
}

/** Polls until some text has come; how the records are spread over the answers is of the moment. */
async function pollUntil(wire: HttpWire, id: string, text: string): Promise<void> {
  for (let polls = 0; polls < 10; polls++) {
    const body = await wire.ask('GET', `?id=${id}`);
    if (body.includes(text) || body === '') return;
  }
}
