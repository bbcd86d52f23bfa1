import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type {
  About,
  Client,
  ConnectionState,
  FeatureName,
  FeatureStatus,
  Notification,
  Snapshot,
} from '../../client/index.ts';
import { serverAhead } from '../format/ticking.ts';
import { createHistories, type Histories } from '../history/histories.ts';
import { DEFAULT_RANGE, type Range } from '../history/range.ts';
import type { AboutFeature } from './catalogue.ts';

type FeatureSignals<Values extends Record<FeatureName, unknown>> = {
  readonly [Name in FeatureName]: Signal<Values[Name] | undefined>;
};
type SnapshotByFeature = { [Name in FeatureName]: Snapshot<Name> };
type StatusByFeature = Record<FeatureName, FeatureStatus>;

export type RefusedState = Extract<ConnectionState, { name: 'refused' }>;

/** The server's state as signals. All views read from here. */
export interface Live {
  readonly client: Client;
  readonly about: ReadonlySignal<About | undefined>;
  readonly snapshots: FeatureSignals<SnapshotByFeature>;
  /** The first snapshot of each feature since the page opened: the baseline of changes. */
  readonly baselines: FeatureSignals<SnapshotByFeature>;
  readonly statuses: FeatureSignals<StatusByFeature>;
  readonly connection: ReadonlySignal<ConnectionState>;
  /** Why the server refused; stays through further attempts until one opens. */
  readonly refused: ReadonlySignal<RefusedState | undefined>;
  /** When the connection was lost; reconnect attempts do not reset it. Undefined while connected. */
  readonly lostSince: ReadonlySignal<number | undefined>;
  /** Newest first. */
  readonly notifications: ReadonlySignal<readonly Notification[]>;
  /** The instant of the latest notification from before the page opened, ms since 1970; 0 if there is none. */
  readonly historyUntil: ReadonlySignal<number>;
  /** Notifications that arrived while the page was open and are not dismissed. */
  readonly arrivals: ReadonlySignal<readonly Notification[]>;
  readonly openedAt: number;
  readonly histories: Histories;
  dismiss(notification: Notification): void;
}

const NOTIFICATIONS_KEPT = 50;
/** Further toasts would keep appearing for minutes. */
const ARRIVALS_KEPT = 9;
/** Notifications that arrive within this time after the first connection are history. */
const SETTLING_MS = 2000;

function signals<Values extends Record<FeatureName, unknown>>(): FeatureSignals<Values> {
  return {
    claims: signal(undefined),
    financial: signal(undefined),
    subscriptions: signal(undefined),
    support: signal(undefined),
    content: signal(undefined),
    users: signal(undefined),
    storage: signal(undefined),
  };
}

/**
 * Follows a client; the caller connects it.
 *
 * @param range the chosen range of histories
 */
export function createLive(
  client: Client,
  now: () => number = Date.now,
  range: ReadonlySignal<Range> = signal(DEFAULT_RANGE),
): Live {
  const about = signal(client.about);
  const snapshots = signals<SnapshotByFeature>();
  const baselines = signals<SnapshotByFeature>();
  const statuses = signals<StatusByFeature>();
  const connection = signal<ConnectionState>(client.state);
  const refused = signal<RefusedState | undefined>(undefined);
  const lostSince = signal<number | undefined>(undefined);
  const notifications = signal<readonly Notification[]>([]);
  const arrivals = signal<readonly Notification[]>([]);
  const historyUntil = signal(0);
  const openedAt = now();
  const histories = createHistories({ client, range, serverTime: () => now() + serverAhead.peek() });
  let settledAt: number | undefined;
  /** Lower bound of the server's clock, from the first snapshots: the browser's clock may be wrong. */
  let firstFiguresAt = 0;

  function take<Name extends FeatureName>(name: Name, snapshot: Snapshot<Name>): void {
    const current: Signal<Snapshot<Name> | undefined> = snapshots[name];
    const baseline: Signal<Snapshot<Name> | undefined> = baselines[name];
    current.value = snapshot;
    baseline.value ??= snapshot;
  }

  /** Figures are not for a reader whose token no longer counts. */
  function clearSnapshots(): void {
    for (const each of Object.values(snapshots)) each.value = undefined;
    for (const each of Object.values(baselines)) each.value = undefined;
    histories.clear();
  }

  client.on('snapshot', (snapshot) => {
    if (snapshots[snapshot.feature].peek() === undefined) {
      firstFiguresAt = Math.max(firstFiguresAt, Date.parse(snapshot.at));
    }
    take(snapshot.feature, snapshot);
    if (snapshot.status === 'live') {
      statuses[snapshot.feature].value = { feature: snapshot.feature, status: 'live', since: null, reason: null };
    }
  });
  client.on('status', (status) => {
    statuses[status.feature].value = status;
  });
  client.on('notification', (notification) => {
    const key = notificationKey(notification);
    if (notifications.peek().some((known) => notificationKey(known) === key)) return;
    // By instant first, for the same reason.
    notifications.value = [notification, ...notifications.peek()]
      .sort((left, right) => Date.parse(right.at) - Date.parse(left.at) || right.id - left.id)
      .slice(0, NOTIFICATIONS_KEPT);
    const settled = settledAt !== undefined && now() >= settledAt;
    const at = Date.parse(notification.at);
    if (settled && at > firstFiguresAt) arrivals.value = [...arrivals.peek(), notification].slice(-ARRIVALS_KEPT);
    else historyUntil.value = Math.max(historyUntil.peek(), at);
  });
  client.on('state', (state) => {
    connection.value = state;
    if (state.name === 'open') {
      settledAt ??= now() + SETTLING_MS;
      lostSince.value = undefined;
      refused.value = undefined;
    } else if (state.name === 'refused') {
      refused.value = state;
      if (state.code === 'expired' || state.code === 'revoked') clearSnapshots();
    } else if (state.name === 'waiting') lostSince.value ??= state.since;
  });

  client.on('about', (latest) => {
    about.value = latest;
  });

  return {
    client,
    about,
    snapshots,
    baselines,
    statuses,
    connection,
    refused,
    lostSince,
    notifications,
    historyUntil,
    arrivals,
    openedAt,
    histories,
    dismiss(dismissed) {
      const key = notificationKey(dismissed);
      arrivals.value = arrivals.peek().filter((notification) => notificationKey(notification) !== key);
    },
  };
}

/** By id and instant: a server that lost its state counts its ids from 1 again. */
export function notificationKey({ id, at }: Notification): string {
  return `${id} ${at}`;
}

const LiveContext = createContext<Live | undefined>(undefined);
export const LiveProvider = LiveContext.Provider;

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('There is no live store above this component');
  return live;
}

/** The catalogue's entry of a feature; undefined until it is known. */
export function aboutFeature(live: Live, name: FeatureName): AboutFeature | undefined {
  return live.about.value?.features.find((feature) => feature.name === name);
}
