import type { Calendar } from '../../core/figures/zone.ts';
import type { Outlet } from '../../core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import { createOutletFetch } from '../../core/outlets/outlet-fetch.ts';
import { openOutletMemory, volatileOutletStore } from '../../core/outlets/outlet-memory.ts';
import { createRequestLedger } from '../../core/outlets/request-ledger.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { broken, type Finding } from './finding.ts';

const WITHIN_MS = 60_000;

/** @param write whether the outlet may write to its target, without changing what it shows */
export async function checkOutlet(
  outlet: Outlet,
  { write, calendar }: { readonly write: boolean; readonly calendar: Calendar },
): Promise<readonly Finding[]> {
  const { budget, title } = outlet;
  const memory = openOutletMemory(volatileOutletStore(), outlet.name);
  const ledger = createRequestLedger({ budget, memory, clock: systemClock, calendar });
  const signal = AbortSignal.timeout(WITHIN_MS);
  const { requestWithinMs } = budget;
  try {
    const fetch = createOutletFetch({ ledger, requestWithinMs, signal, clock: systemClock });
    return (await outlet.check?.({ write, fetch })) ?? [];
  } catch (error) {
    if (error instanceof RefusedError) return [broken(title.en, ...halves(error.message))];
    if (!(error instanceof RetryLaterError)) throw error;
    return [broken(title.en, error.message, 'check the network and its address, and run the doctor again later')];
  }
}

/** A refusal says what happened, and after a semicolon what to do. */
function halves(message: string): [found: string, next: string] {
  const [, found = message, next = 'change what it refuses'] = /^(.*?); (.*)$/s.exec(message) ?? [];
  return [found, next];
}
