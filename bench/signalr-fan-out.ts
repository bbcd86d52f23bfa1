import { Type } from '@sinclair/typebox';
import { type Child, startChild } from './support/child.ts';
import { FAN_OUT_KINDS, type FanOutKind, type FanOutServer } from './support/fan-out-servers.ts';
import { type CpuTimes, cpuTimesOf } from './support/process-usage.ts';
import { printHeading, printTable, printTargets, type Target } from './support/report.ts';
import { median } from './support/statistics.ts';

/** Measures a server's CPU time per delivered event, compared with the alternatives. */
const CLIENTS = 1_000;
/** Processes of each kind: the memory layout of a process makes it faster or slower for its whole life. */
const GENERATIONS = 3;
/** The kernel counts CPU time in hundredths of a second, so a round must take many of them. */
const EMISSIONS_A_ROUND = 40;
const ROUNDS = 3;
const ROWS = 28;
const AT_MOST_OF_BARE = 1.15;
const AT_MOST_OF_ASP_NET_CORE = 0.25;

/** A server, and its clients in a process of their own. */
interface Audience {
  readonly kind: FanOutKind;
  readonly server: FanOutServer;
  readonly clients: Child;
  /** Events received by all clients so far. */
  sent: number;
}

printHeading(
  `SignalR fan-out: one 10 KB event to ${CLIENTS} clients, ${GENERATIONS} processes of each server, ` +
    `${ROUNDS} × ${EMISSIONS_A_ROUND} emissions each in turns`,
);

const kinds: readonly FanOutKind[] = Object.values(FAN_OUT_KINDS);
/** CPU time of each process per delivery, in microseconds. */
const costs = new Map<FanOutKind, CpuTimes[]>(kinds.map((kind) => [kind, []]));
const frames = new Map<FanOutKind, number>();
let emissions = 0;
for (let generation = 0; generation < GENERATIONS; generation++) await measureOnce();

printTable(
  ['median, server CPU µs/delivery', 'frame bytes', 'own code', 'kernel', 'together', 'ours ÷ it'],
  kinds.map((kind) => {
    if (kind.missing !== null) return [`${kind.name}: ${kind.missing}`, '', '', '', '', ''];
    const of = (part: (times: CpuTimes) => number) => median((costs.get(kind) ?? []).map(part));
    return [kind.name, frames.get(kind) ?? 0, of(({ user }) => user), of(({ system }) => system), of(sum), ratio(kind)];
  }),
);
printTargets([
  ...target('ours ÷ bare Bun', FAN_OUT_KINDS.bare, AT_MOST_OF_BARE),
  ...target('ours ÷ ASP.NET Core', FAN_OUT_KINDS.aspNetCore, AT_MOST_OF_ASP_NET_CORE),
]);

function target(words: string, kind: FanOutKind, atMost: number): Target[] {
  if (kind.missing !== null) return [];
  return [{ words: `CPU a delivered event, ${words}`, measured: ratio(kind), unit: '', atMost }];
}

/** Our time relative to another, from processes measured in alternating rounds. */
function ratio(kind: FanOutKind): number {
  const ours = costs.get(FAN_OUT_KINDS.ours) ?? [];
  const others = costs.get(kind) ?? [];
  return median(ours.map((times, index) => sum(times) / sum(others[index] ?? times)));
}

function sum({ user, system }: CpuTimes): number {
  return user + system;
}

/** Measures a new process of each kind in alternating rounds. */
async function measureOnce(): Promise<void> {
  const audiences: Audience[] = [];
  for (const kind of kinds) if (kind.missing === null) audiences.push(await gather(kind));
  for (const audience of audiences) await emitSeveral(audience, audience.kind.warmUp);
  const rounds = new Map(audiences.map((audience) => [audience, [] as CpuTimes[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const audience of audiences) rounds.get(audience)?.push(await cpuOfDelivery(audience));
  }
  for (const [{ kind, server, clients }, measured] of rounds) {
    const user = median(measured.map((times) => times.user));
    costs.get(kind)?.push({ user, system: median(measured.map((times) => times.system)) });
    await Promise.all([server.end(), clients.end()]);
  }
}

async function gather(kind: FanOutKind): Promise<Audience> {
  const server = await kind.start();
  const clients = startChild('fan-out-clients.ts', [String(CLIENTS), kind.protocol, server.url]);
  await clients.ask('connect', null, Type.Null());
  return { kind, server, clients, sent: 0 };
}

async function cpuOfDelivery(audience: Audience): Promise<CpuTimes> {
  const before = await cpuTimesOf(audience.server.pid);
  await emitSeveral(audience, EMISSIONS_A_ROUND);
  const after = await cpuTimesOf(audience.server.pid);
  const deliveries = EMISSIONS_A_ROUND * CLIENTS;
  return { user: (after.user - before.user) / deliveries, system: (after.system - before.system) / deliveries };
}

/** Each emission waits until every client has the previous one. */
async function emitSeveral(audience: Audience, times: number): Promise<void> {
  for (let emission = 0; emission < times; emission++) {
    await audience.server.emit(argumentOf(++emissions));
    audience.sent += CLIENTS;
    const frame = await audience.clients.ask('events', audience.sent, Type.String());
    frames.set(audience.kind, Buffer.byteLength(frame));
  }
}

/** A list as the claims hub sends it, different each time. */
function argumentOf(emission: number): string {
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    id: index,
    mp_claim_id: 5_000_000_000 + index,
    amount_at_risk: (emission * 100 + index) / 100,
    claim_type: 'Mediations',
    internal_status: 'EmAnalise',
    days_open: emission,
    panel_url: `https://www.mercadopago.com.br/developers/panel/notifications/claims/${5_000_000_000 + index}`,
    is_critical: index % 2 === 0,
    current_stage: 'Dispute',
    user_name: 'Ana Souza',
    user_email: 'ana@example.com',
    date_created: '2026-03-01T12:00:00.000Z',
  }));
  return JSON.stringify(rows);
}
