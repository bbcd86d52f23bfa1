import { type TSchema, Type } from '@sinclair/typebox';
import { type Child, startChild } from './support/child.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { median } from './support/statistics.ts';

/** Processor time of the server a delivered snapshot, in relation to a bare `server.publish` of the same bytes. */
const CLIENTS = 2_000;
const EMISSIONS = 120;
const AT_MOST = 1.1;

/** A server, and its clients in a process of their own. */
interface Audience {
  readonly server: Child;
  readonly clients: Child;
  /** Frames that the clients have been sent so far, together. */
  sent: number;
}

printHeading(`Fan-out: one 10 KB snapshot to ${CLIENTS} plain JSON clients, ${EMISSIONS} emissions each in turns`);

const ours = await gather('hub-fan-out.ts');
// Connected, and the newest snapshot.
ours.sent = 2 * CLIENTS;
await ask(ours.clients, 'frames', ours.sent, Type.String());
const bare = await gather('bare-fan-out.ts');
const frame = await emitted(ours, '');
await emitted(bare, frame);

const ourCosts: number[] = [];
const bareCosts: number[] = [];
for (let emission = 0; emission < EMISSIONS; emission++) {
  // Whoever comes second finds the machine in another state: each does so as often.
  if (emission % 2 === 0) ourCosts.push(await cpuOfDelivery(ours, ''));
  bareCosts.push(await cpuOfDelivery(bare, frame));
  if (emission % 2 === 1) ourCosts.push(await cpuOfDelivery(ours, ''));
}
for (const { server, clients } of [ours, bare]) await Promise.all([server.end(), clients.end()]);

printTable(
  ['median', 'frame bytes', 'server CPU µs/delivery'],
  [
    ['ours', Buffer.byteLength(frame), median(ourCosts)],
    ['bare', Buffer.byteLength(frame), median(bareCosts)],
  ],
);
printTargets([
  {
    words: 'CPU a delivered snapshot, ours ÷ bare',
    measured: median(ourCosts) / median(bareCosts),
    unit: '',
    atMost: AT_MOST,
  },
]);

async function gather(program: string): Promise<Audience> {
  const server = startChild(program);
  const clients = startChild('hub-clients.ts', [String(CLIENTS), await ask(server, 'url', null, Type.String())]);
  await ask(clients, 'connect', null, Type.Null());
  return { server, clients, sent: 0 };
}

/** Emits once and waits until every client has it. Answers what they were sent. */
async function emitted(audience: Audience, text: string): Promise<string> {
  await ask(audience.server, 'emit', text, Type.Unknown());
  audience.sent += CLIENTS;
  return ask(audience.clients, 'frames', audience.sent, Type.String());
}

async function cpuOfDelivery(audience: Audience, text: string): Promise<number> {
  const before = await ask(audience.server, 'cpu', null, Type.Number());
  await emitted(audience, text);
  return ((await ask(audience.server, 'cpu', null, Type.Number())) - before) / CLIENTS;
}

function ask<Schema extends TSchema>(child: Child, method: string, argument: string | number | null, answer: Schema) {
  return child.ask(method, argument, answer);
}
