import { DAY_MS, isoInstant } from '../../core/figures/calendar.ts';
import type { Notification } from '../../core/notifications/notification.ts';
import type { Outlet, Pass } from '../../core/outlets/outlet.ts';
import { RefusedError } from '../../core/outlets/outlet-errors.ts';
import type { RequestBudget } from '../../core/outlets/request-budget.ts';
import type { Clock } from '../../core/runtime/clock.ts';
import { answerOf } from './answer.ts';
import { checkReceiver } from './check.ts';
import { type Resolve, resolveBySystem } from './pinned-address.ts';
import { createReceiver, type Receiver } from './receiver.ts';
import type { WebhookFormat, WebhookSettings } from './settings.ts';
import { isAtLeast } from './severity.ts';

export interface WebhookContext {
  readonly clock: Clock;
  /** Receives what an administrator should know of, such as a notification that is not delivered. */
  readonly onNotice: (text: string) => void;
  readonly resolve?: Resolve;
}

/** If more wait, the oldest are dropped. */
export const MOST_WAITING = 1_000;
/** Notifications that are skipped in a row, refused by the receiver. The next refusal is one of the address. */
export const MOST_REFUSED = 4;

/** An outlet for each address, so that one whose receiver does not answer delays no other. */
export function createWebhookOutlets(settings: WebhookSettings, context: WebhookContext): Outlet[] {
  const { clock, resolve = resolveBySystem } = context;
  return settings.addresses.map((address, index) => {
    const receiver = createReceiver(address, { settings, number: index + 1, clock, resolve });
    const delivery = new Delivery(receiver, context);
    const { label } = receiver;
    return {
      name: `webhook-${receiver.fingerprint}`,
      title: { en: label, pt: label },
      target: receiver.fingerprint,
      watches: 'notifications',
      budget: budgetOf(address.format),
      passWithinMs: PASS_WITHIN_MS,
      nextPass: (now) => now,
      deliver: (pass) => delivery.deliver(pass),
      check: (options) => checkReceiver(receiver, { ...options, clock }),
    };
  });
}

/** Long enough for `MOST_WAITING` messages at one a second; a request that hangs is cut much earlier. */
const PASS_WITHIN_MS = 3_600_000;

/**
 * Slack takes a message a second (docs.slack.dev/apis/web-api/rate-limits, "Incoming webhooks"), and Teams four
 * (learn.microsoft.com, "Create Incoming Webhooks"): both get one.
 */
function budgetOf(format: WebhookFormat): RequestBudget {
  const requests = format === 'standard' ? 10 : 1;
  return { rate: { requests, withinMs: 1_000 }, perMonth: null, requestWithinMs: 15_000 };
}

const LAST = 'last';
const REFUSED_IN_A_ROW = 'refused in a row';
const PAGE = 100;

/** Sends notifications in the order of their ids, each until the receiver has it. */
class Delivery {
  readonly #receiver: Receiver;
  readonly #context: WebhookContext;
  /** The last id before a loss that was reported. */
  #reportedAfter = -1;

  constructor(receiver: Receiver, context: WebhookContext) {
    this.#receiver = receiver;
    this.#context = context;
  }

  async deliver(pass: Pass): Promise<void> {
    let last = await this.#dropOldest(pass, this.#lastOf(pass));
    this.#reportLoss(pass, last);
    for (;;) {
      const page = pass.notificationsAfter(last, PAGE);
      if (page.length === 0) break;
      for (const notification of page) {
        if (this.#isWanted(notification)) await this.#send(notification, pass);
        last = notification.id;
      }
    }
    // Otherwise those that were left out would be sent once the filter of this address is wider.
    if (last !== this.#lastOf(pass)) await pass.memory.save({ [LAST]: String(last) });
  }

  #lastOf({ memory }: Pass): number {
    return Number(memory.get(LAST) ?? 0);
  }

  async #send(notification: Notification, pass: Pass): Promise<void> {
    const { memory } = pass;
    const { label, address } = this.#receiver;
    const { host } = new URL(address.url);
    const response = await this.#receiver.send(notification, String(notification.id), pass);
    const answer = await answerOf(response, host, this.#context.clock.now());
    const done = { [LAST]: String(notification.id) };
    if (answer.kind === 'accepted') {
      await memory.save({ ...done, [REFUSED_IN_A_ROW]: null });
      return;
    }
    const refused = Number(memory.get(REFUSED_IN_A_ROW) ?? 0) + 1;
    if (refused > MOST_REFUSED) {
      throw new RefusedError(`${host} refuses one notification after another (${answer.reason}); check the receiver`);
    }
    this.#context.onNotice(`${label} refuses notification ${notification.id} (${answer.reason}), which is skipped`);
    await memory.save({ ...done, [REFUSED_IN_A_ROW]: String(refused) });
  }

  #isWanted({ severity, hub, data }: Notification): boolean {
    const { address, fingerprint } = this.#receiver;
    // A receiver that fails now and then would cause messages about itself without end.
    if (data.outlet === `webhook-${fingerprint}`) return false;
    return isAtLeast(severity, address.severity) && (address.hubs?.includes(hub) ?? true);
  }

  /** @returns the id to continue after */
  async #dropOldest(pass: Pass, last: number): Promise<number> {
    const waiting = pass.notificationsAfter(last, Number.MAX_SAFE_INTEGER).filter((each) => this.#isWanted(each));
    const dropped = waiting.slice(0, -MOST_WAITING);
    const [first, final] = [dropped[0], dropped.at(-1)];
    if (first === undefined || final === undefined) return last;
    const { label } = this.#receiver;
    this.#context.onNotice(
      `${label} gets the newest ${MOST_WAITING} notifications only: the ${dropped.length} from ${first.at} to ${final.at} are dropped`,
    );
    await pass.memory.save({ [LAST]: String(final.id) });
    return final.id;
  }

  /** Ids are instants: the journal keeps notifications for 30 days. */
  #reportLoss(pass: Pass, last: number): void {
    const [oldest] = pass.notificationsAfter(0, 1);
    if (last === 0 || last === this.#reportedAfter || oldest === undefined || oldest.id <= last) return;
    if (pass.now - last < 30 * DAY_MS) return;
    this.#reportedAfter = last;
    const { label } = this.#receiver;
    this.#context.onNotice(
      `${label} was behind for 30 days: what came between ${isoInstant(last)} and ${oldest.at}, if anything, is not sent`,
    );
  }
}
