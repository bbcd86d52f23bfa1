import { Type } from '@sinclair/typebox';
import { type Child, startChild } from './support/child.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { median } from './support/statistics.ts';

/** Measures the server's CPU time per delivered snapshot, relative to a bare `server.publish` of the same bytes. */
const CLIENTS = 2_000;
/** The memory layout of a process makes it up to 10 % faster or slower for its whole life, so several of each are run. */
const PAIRS = 6;
const EMISSIONS = 40;
const AT_MOST = 1.1;

/** A server, and its clients in a process of their own. */
interface Audience {
  readonly server: Child;
  readonly clients: Child;
  /** Frames received by all clients so far. */
  sent: number;
}

printHeading(
  `Fan-out: one 10 KB snapshot to ${CLIENTS} plain JSON clients, ${PAIRS} pairs of servers, ${EMISSIONS} emissions each in turns`,
);

const rows: (string | number)[][] = [];
const ratios: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  const ours = await gather('hub-fan-out.ts', 2 * CLIENTS);
  const bare = await gather('bare-fan-out.ts', 0);
  const frame = await emit(ours, '');
  await emit(bare, frame);
  const ourCosts: number[] = [];
  const bareCosts: number[] = [];
  for (let emission = 0; emission < EMISSIONS; emission++) {
    // The second one finds the caches in another state, so the order alternates.
    if (emission % 2 === 0) ourCosts.push(await cpuOfDelivery(ours, ''));
    bareCosts.push(await cpuOfDelivery(bare, frame));
    if (emission % 2 === 1) ourCosts.push(await cpuOfDelivery(ours, ''));
  }
  for (const { server, clients } of [ours, bare]) await Promise.all([server.end(), clients.end()]);
  rows.push([`pair ${pair + 1}`, Buffer.byteLength(frame), median(ourCosts), median(bareCosts)]);
  ratios.push(median(ourCosts) / median(bareCosts));
}

printTable(['server CPU µs/delivery, medians', 'frame bytes', 'ours', 'bare'], rows);
printTargets([{ words: 'CPU a delivered snapshot, ours ÷ bare', measured: median(ratios), unit: '', atMost: AT_MOST }]);

/** @param greetings frames that newcomers are sent, together */
async function gather(program: string, greetings: number): Promise<Audience> {
  const server = startChild(program);
  const url = await server.ask('url', null, Type.String());
  const clients = startChild('hub-clients.ts', [String(CLIENTS), url]);
  await clients.ask('connect', null, Type.Null());
  await clients.ask('frames', greetings, Type.String());
  return { server, clients, sent: greetings };
}

/** Emits once and waits until every client has it. Returns what they received. */
async function emit(audience: Audience, text: string): Promise<string> {
  await audience.server.ask('emit', text, Type.Unknown());
  audience.sent += CLIENTS;
  return audience.clients.ask('frames', audience.sent, Type.String());
}

async function cpuOfDelivery(audience: Audience, text: string): Promise<number> {
  const before = await audience.server.ask('cpu', null, Type.Number());
  await emit(audience, text);
  return ((await audience.server.ask('cpu', null, Type.Number())) - before) / CLIENTS;
}
