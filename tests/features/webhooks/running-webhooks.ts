import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createJournal, type Journal } from '../../../src/core/notifications/journal.ts';
import type { Notification } from '../../../src/core/notifications/notification.ts';
import { type OutletActor, runOutlet } from '../../../src/core/outlets/outlet-actor.ts';
import { createWebhookOutlets, type WebhookSettings } from '../../../src/features/webhooks/index.ts';
import { type KeptNotifications, keptNotifications } from '../../support/kept-notifications.ts';
import { type KeptOutlets, keptOutlets } from '../../support/kept-outlets.ts';
import { TEST_AUTHORITY } from '../../support/tds/certificate.ts';
import { until } from '../../support/until.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

export const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

type Address = WebhookSettings['addresses'][number];

export interface RunningWebhooksOptions {
  readonly addresses: readonly (Partial<Address> & { readonly url: string })[];
  readonly settings?: Partial<WebhookSettings>;
  readonly clock?: VirtualClock;
  readonly notifications?: KeptNotifications;
  readonly outlets?: KeptOutlets;
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** In place of `fetch`. */
  readonly send?: (url: string, init: BunFetchRequestInit) => Promise<Response>;
}

/** Webhooks in the real runtime: real sockets, a virtual clock. */
export interface RunningWebhooks {
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly actors: readonly OutletActor[];
  readonly notices: readonly string[];
  /** Unexpected errors. */
  readonly errors: readonly unknown[];
  /** Publishes a notification. @returns its id, once it is published */
  notify(content?: Partial<Notification>): Promise<string>;
  /** Waits until every address has all notifications. */
  untilDelivered(): Promise<void>;
  /** Waits until the first address fails so often in a row. */
  untilFailed(passes: number): Promise<void>;
  /** Lets time pass until the next pass of the first address starts, and no further: its requests are in flight then. */
  untilNextPass(): Promise<void>;
  stop(): Promise<void>;
  restart(changes?: Partial<RunningWebhooksOptions>): Promise<RunningWebhooks>;
}

let occurrences = 0;

export function runWebhooks(options: RunningWebhooksOptions): RunningWebhooks {
  const {
    clock = createVirtualClock(Date.now()),
    notifications = keptNotifications(),
    outlets = keptOutlets(),
  } = options;
  const errors: unknown[] = [];
  const notices: string[] = [];
  const onError = (error: unknown) => errors.push(error);
  const journal = createJournal({ store: notifications.open(), clock, onError });
  const addresses = options.addresses.map((address) => ({
    ...({ format: 'standard', severity: 'info', hubs: null } as const),
    ...address,
  }));
  const settings = { addresses, secrets: [SECRET], allowPrivate: true, ...options.settings };
  const { resolve } = options;
  const context = {
    clock,
    onNotice: (text: string) => notices.push(text),
    ...(resolve === undefined ? {} : { resolve }),
  };
  const actors = createWebhookOutlets(settings, context).map((outlet) =>
    runOutlet({
      ...{
        outlet,
        running: [],
        journal,
        store: outlets.open(),
        clock,
        onError,
        random: () => 1,
        send: options.send ?? trustingSend,
      },
      calendar: createCalendar('America/Sao_Paulo'),
    }),
  );
  for (const actor of actors) actor.start();
  const stop = async () => {
    await Promise.all(actors.map((actor) => actor.stop()));
  };
  return {
    ...{ clock, journal, actors, notices, errors, stop },
    async notify(content = {}) {
      const {
        hub = 'claims',
        severity = 'critical',
        title = 'Claim 17',
        message = 'R$99.90 & more',
        data = {},
      } = content;
      const key = `occurrence ${++occurrences}`;
      const before = journal.lastId;
      journal.note({ hub, rule: 'a rule', memory: key, occurrences: [{ key, severity, title, message, data }] });
      await until(() => journal.lastId > before);
      return String(journal.lastId);
    },
    untilDelivered: () => until(() => actors.every((actor) => isUpToDate(actor))),
    untilFailed: (passes) => until(() => (actors[0]?.status().failing?.passes ?? 0) >= passes),
    async untilNextPass() {
      const { nextPass } = actors[0]?.status() ?? {};
      if (typeof nextPass !== 'number') throw new Error('No pass is due');
      await clock.advance(nextPass - clock.now());
    },
    async restart(changes = {}) {
      await stop();
      return runWebhooks({ ...options, clock, notifications, outlets, ...changes });
    },
  };
}

function isUpToDate(actor: OutletActor): boolean {
  const { activity, waiting, failing } = actor.status();
  return activity === 'idle' && waiting === 0 && failing === null;
}

/** `fetch` that trusts the authority of the tests too. */
function trustingSend(url: string, init: BunFetchRequestInit): Promise<Response> {
  return fetch(url, { ...init, tls: { ...init.tls, ca: TEST_AUTHORITY } });
}
