import type { HttpWire } from '../http-wire.ts';
import { HELLO, RS, record } from '../wire.ts';
import { cancellation, type HttpScript, invocation, streamInvocation } from './script.ts';

/** Connections over long polling. */
export const POLLS: readonly HttpScript[] = [
  {
    name: 'a method, and the end',
    async say(wire) {
      const { at } = await greeted(wire);
      await wire.ask('POST', at, { body: invocation('1', 'GetInitialData') });
      await wire.pollUntil(at, '"invocationId":"1"');
      await wire.ask('DELETE', at);
      // A second DELETE gets 202 or 404 from ASP.NET Core, as chance has it.
      for (const method of ['GET', 'GET', 'POST']) await wire.ask(method, at);
    },
  },
  {
    name: 'a poll in the place of another',
    async say(wire) {
      const { at } = await greeted(wire);
      const first = await openPoll(wire, at);
      const second = await openPoll(wire, at);
      await first.answered;
      await wire.ask('POST', at, { body: invocation('1', 'NoSuchMethod') });
      await second.answered;
      await wire.ask('DELETE', at);
    },
  },
  {
    name: 'a stream',
    async say(wire) {
      const { at } = await greeted(wire);
      await wire.ask('POST', at, { body: streamInvocation('s') });
      await wire.pollUntil(at, '"type":2');
      await wire.ask('POST', at, { body: cancellation('s') });
      await wire.pollUntil(at, '"type":3');
      await wire.ask('DELETE', at);
    },
  },
  {
    name: 'a handshake that is refused',
    async say(wire) {
      const { at } = await opened(wire);
      await wire.ask('POST', at, { body: record({ protocol: 'xml', version: 1 }) });
      for (let polls = 0; polls < 2; polls++) await wire.ask('GET', at);
    },
  },
  {
    name: 'a record that is not JSON ends it',
    async say(wire) {
      const { at } = await greeted(wire);
      await wire.ask('POST', at, { body: `no JSON${RS}` });
      for (let polls = 0; polls < 2; polls++) await wire.ask('GET', at);
    },
  },
  {
    name: 'a Close of the client ends it',
    async say(wire) {
      const { at } = await greeted(wire);
      await wire.ask('POST', at, { body: record({ type: 7 }) });
      for (let polls = 0; polls < 2; polls++) await wire.ask('GET', at);
    },
  },
  {
    name: 'a Close of the client, then DELETE, as the .NET client leaves',
    async say(wire) {
      const { at } = await greeted(wire);
      const poll = await openPoll(wire, at);
      await wire.ask('POST', at, { body: record({ type: 7 }) });
      await poll.answered;
      await wire.ask('DELETE', at);
      await wire.ask('GET', at);
    },
  },
  {
    name: 'a Close of the client between two polls, then DELETE',
    async say(wire) {
      const { at } = await greeted(wire);
      await wire.ask('POST', at, { body: record({ type: 7 }) });
      await wire.ask('DELETE', at);
      await wire.ask('GET', at);
    },
  },
];

interface Opened {
  /** Where its requests go. */
  readonly at: string;
}

/** Negotiates, and polls for the first time. */
async function opened(wire: HttpWire): Promise<Opened> {
  const at = `?id=${await wire.negotiate()}`;
  await wire.ask('GET', at);
  return { at };
}

/** Shakes hands too, and takes the events that a newcomer gets. */
async function greeted(wire: HttpWire): Promise<Opened> {
  const connection = await opened(wire);
  await wire.ask('POST', connection.at, { body: HELLO });
  await wire.pollUntil(connection.at, 'SummaryUpdate');
  return connection;
}

/** Long enough for a request to arrive; nothing tells a client that its poll has. */
const ARRIVED_MS = 200;

async function openPoll(wire: HttpWire, at: string): Promise<{ readonly answered: Promise<unknown> }> {
  const answered = wire.ask('GET', at);
  await Bun.sleep(ARRIVED_MS);
  return { answered };
}
