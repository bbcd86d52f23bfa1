import type { CheckOptions, OutletFinding } from '../../core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import { answerOf } from './answer.ts';
import { testNotification } from './message.ts';
import type { Receiver } from './receiver.ts';
import type { WebhookAddress } from './settings.ts';

/** Says what an address is and where it leads; with `write` it also sends a test message. */
export async function checkReceiver(
  receiver: Receiver,
  { write, fetch, clock }: CheckOptions & { readonly clock: Clock },
): Promise<readonly OutletFinding[]> {
  const { label: what, address } = receiver;
  const { signal } = new AbortController();
  const { host } = new URL(address.url);
  try {
    const { address: ip } = await receiver.pin(signal);
    const found = `${describe(address)}, at ${ip}`;
    if (!write) return [{ what, verdict: 'ok', found, next: null }];
    const now = clock.now();
    const response = await receiver.send(testNotification(now), `test-${now}`, { fetch, signal });
    const answer = await answerOf(response, host, clock.now());
    if (answer.kind === 'accepted') {
      return [{ what, verdict: 'ok', found: `${found}; accepts a test message (${response.status})`, next: null }];
    }
    const refusal = `${host} refuses a test message (${answer.reason})`;
    return [{ what, verdict: 'broken', found: refusal, next: 'check its format in NOTIFY_WEBHOOKS' }];
  } catch (error) {
    const isRefusal = error instanceof RefusedError;
    if (!isRefusal && !(error instanceof RetryLaterError)) throw error;
    const usual = isRefusal ? 'check its address in NOTIFY_WEBHOOKS' : 'check the receiver and the network';
    const [found = '', next = usual] = error.message.split('; ');
    return [{ what, verdict: 'broken', found, next }];
  }
}

const FORMATS = { standard: 'signed JSON', slack: 'messages for Slack', teams: 'messages for Teams' } as const;

function describe({ format, severity, hubs }: WebhookAddress): string {
  const least = severity === 'info' ? '' : `, ${severity}${severity === 'critical' ? '' : ' and above'}`;
  return `${FORMATS[format]}${least}${hubs === null ? '' : `, of ${hubs.join(', ')}`}`;
}
