import type { HttpWire } from '../http-wire.ts';
import type { Difference } from '../transcript.ts';
import { HELLO } from '../wire.ts';
import { asking, type HttpScript } from './script.ts';

const ACCEPT_EVENTS = { headers: { accept: 'text/event-stream' } };

const status = (why: string, method: string, ours: number, theirs: number): Difference => ({
  why,
  ours: [`${method}: ${ours}`],
  theirs: [`${method}: ${theirs}`],
});

const NO_WEB_SOCKET = status('a person who opens the address learns what it is for', 'GET', 426, 400);
const emptyId = (method: string) => status('an empty id is one that nobody was given', method, 404, 400);
const noTransport = (method: string, theirs: number) =>
  status('an id without a transport is no connection yet; official clients open one first', method, 404, theirs);
const taken = (theirs: number) => status('an id serves once, and is then unknown', 'GET', 404, theirs);

/** Requests that lead nowhere. The bodies are problem documents with us and plain text with ASP.NET Core. */
export const REFUSALS: readonly HttpScript[] = [
  asking('GET without an id', ['GET', ''], NO_WEB_SOCKET),
  asking('GET of events without an id', ['GET', '', ACCEPT_EVENTS], NO_WEB_SOCKET),
  asking('POST without an id', ['POST', '']),
  asking('DELETE without an id', ['DELETE', '']),
  ...['GET', 'POST', 'DELETE'].flatMap((method) => [
    asking(`${method} with an empty id`, [method, '?id='], emptyId(method)),
    asking(`${method} with an id that nobody was given`, [method, '?id=nobody']),
  ]),
  asking('GET of events with an id that nobody was given', ['GET', '?id=nobody', ACCEPT_EVENTS]),
  asking('PUT', ['PUT', '?id=nobody']),
  {
    name: 'POST before there is a transport',
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('POST', `?id=${id}`, { body: HELLO });
    },
  },
  {
    name: 'DELETE before there is a transport',
    differs: noTransport('DELETE', 400),
    async say(wire) {
      const id = await wire.negotiate();
      await wire.ask('DELETE', `?id=${id}`);
    },
  },
  {
    name: 'DELETE of a stream of events',
    say: (wire) => withEvents(wire, (id) => wire.ask('DELETE', `?id=${id}`)),
  },
  {
    name: 'a second stream of events',
    differs: taken(409),
    say: (wire) => withEvents(wire, (id) => wire.ask('GET', `?id=${id}`, ACCEPT_EVENTS)),
  },
  {
    name: 'a poll of a stream of events',
    differs: taken(400),
    say: (wire) => withEvents(wire, (id) => wire.ask('GET', `?id=${id}`)),
  },
];

async function withEvents(wire: HttpWire, then: (id: string) => Promise<unknown>): Promise<void> {
  const id = await wire.negotiate();
  const events = await wire.listen(`?id=${id}`);
  await wire.ask('POST', `?id=${id}`, { body: HELLO });
  await events.until('SummaryUpdate');
  await then(id);
  events.abandon();
}
