import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Calendar } from '../../core/figures/zone.ts';
import type { Outlet, OutletFinding } from '../../core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import { createOutletFetch } from '../../core/outlets/outlet-fetch.ts';
import { openOutletMemory, volatileOutletStore } from '../../core/outlets/outlet-memory.ts';
import { createRequestLedger } from '../../core/outlets/request-ledger.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import { broken, type Finding, ok, warning } from './finding.ts';
import { callServer, placeOf, type ServerAddress } from './running-server.ts';

const Failing = Type.Object({ since: Type.String(), reason: Type.String() });
/** The part of `/ws/status` that is read. */
const Status = Type.Object({
  outlets: Type.Array(
    Type.Object({
      outlet: Type.String(),
      activity: Type.String(),
      lastSuccess: Type.Union([Type.String(), Type.Null()]),
      waiting: Type.Integer(),
      failing: Type.Union([Failing, Type.Null()]),
      nextPass: Type.Union([Type.String(), Type.Null()]),
      requestsThisHour: Type.Integer(),
      requestsThisMonth: Type.Integer(),
      monthlyRequests: Type.Union([Type.Integer(), Type.Null()]),
    }),
  ),
});
type OutletStatus = (typeof Status)['static']['outlets'][number];

const STATUS_WITHIN_MS = 5_000;
const CHECK_WITHIN_MS = 60_000;

export interface CheckOutletsOptions {
  readonly outlets: readonly Outlet[];
  readonly server: ServerAddress;
  /** Whether an outlet may write to its target. */
  readonly write: boolean;
  readonly calendar: Calendar;
  readonly clock: Clock;
}

/** Checks the key and target of each outlet, and reads from the running server, if there is one, how it does. */
export async function checkOutlets(options: CheckOutletsOptions): Promise<Finding[]> {
  if (options.outlets.length === 0) return [];
  const statuses = await statusesOf(options.server);
  const found = options.outlets.map(async (outlet) => [
    ...(await checkOutlet(outlet, options)),
    describeStatus(outlet, statuses, placeOf(options.server)),
  ]);
  return (await Promise.all(found)).flat();
}

async function checkOutlet(outlet: Outlet, { write, calendar, clock }: CheckOutletsOptions): Promise<Finding[]> {
  const { name, title, budget } = outlet;
  if (outlet.check === undefined) return [];
  const memory = openOutletMemory(volatileOutletStore(), name);
  const ledger = createRequestLedger({ budget, memory, clock, calendar });
  const signal = AbortSignal.timeout(CHECK_WITHIN_MS);
  const { requestWithinMs } = budget;
  try {
    const found: readonly OutletFinding[] = await outlet.check({
      write,
      fetch: createOutletFetch({ ledger, requestWithinMs, signal, clock }),
    });
    return [...found];
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof RetryLaterError)) throw error;
    return [broken(title.en, error.message, 'see the README, "Configure"')];
  }
}

type Statuses = ReadonlyMap<string, OutletStatus> | 'no server' | 'not readable';

async function statusesOf(server: ServerAddress): Promise<Statuses> {
  const answer = await callServer(server, 'GET', '/ws/status', STATUS_WITHIN_MS).catch(() => undefined);
  if (answer === undefined) return 'no server';
  const body: unknown = await answer.json().catch(() => undefined);
  return Value.Check(Status, body) ? new Map(body.outlets.map((each) => [each.outlet, each])) : 'not readable';
}

function describeStatus({ name, title }: Outlet, statuses: Statuses, place: string): Finding {
  const what = `passes of ${title.en}`;
  if (statuses === 'no server') return ok(what, `configured; the server at ${place} does not run it now`);
  if (statuses === 'not readable') {
    return warning(what, `http://${place}/ws/status does not answer with a status`, 'see the log of the server');
  }
  const status = statuses.get(name);
  if (status === undefined) {
    return warning(what, `the server at ${place} runs without it`, 'start it again with these settings');
  }
  const { activity, failing, lastSuccess, nextPass } = status;
  const { waiting, requestsThisHour, requestsThisMonth, monthlyRequests } = status;
  const limit = monthlyRequests === null ? '' : ` of ${monthlyRequests}`;
  const requests = `${requestsThisHour} requests in the last hour, ${requestsThisMonth}${limit} this month`;
  const since = lastSuccess === null ? 'never up to date yet' : `last up to date at ${lastSuccess}`;
  const state = `${since}, ${waiting} waiting${nextPass === null ? '' : ` until ${nextPass}`}, ${requests}`;
  if (failing === null) return ok(what, state);
  const found = `${failing.reason} (since ${failing.since}); ${state}`;
  if (activity === 'refused') {
    return broken(what, found, `correct that, then POST /api/outlets/${name}/sync, or start the server again`);
  }
  return warning(what, found, `nothing: it is tried ${nextPass === null ? 'now' : `at ${nextPass}`}`);
}
