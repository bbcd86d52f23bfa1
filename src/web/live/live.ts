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
import type { AboutFeature } from './catalogue.ts';

type SnapshotSignals = { readonly [Name in FeatureName]: Signal<Snapshot<Name> | undefined> };

/** What the server says, as signals: the page reads these and nothing else. */
export interface Live {
  readonly client: Client;
  readonly about: ReadonlySignal<About | undefined>;
  readonly snapshots: SnapshotSignals;
  /** The first snapshot of each feature since the page opened: what a change is counted from. */
  readonly baselines: SnapshotSignals;
  readonly statuses: { readonly [Name in FeatureName]: Signal<FeatureStatus | undefined> };
  readonly connection: ReadonlySignal<ConnectionState>;
  /** Since when there has been no connection, attempts included; undefined while there is one. */
  readonly lostSince: ReadonlySignal<number | undefined>;
  /** Newest first. */
  readonly notifications: ReadonlySignal<readonly Notification[]>;
  /** Those that came while the page was open. */
  readonly arrivals: ReadonlySignal<readonly Notification[]>;
  readonly openedAt: number;
  dismiss(id: number): void;
}

const NOTIFICATIONS_KEPT = 50;
/** What comes this soon after the page connected is history, and no arrival. */
const SETTLING_MS = 2000;

function signals<Value>(): { readonly [Name in FeatureName]: Signal<Value | undefined> } {
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

function snapshotSignals(): SnapshotSignals {
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

/** Follows a client; the caller connects it. */
export function createLive(client: Client, now: () => number = Date.now): Live {
  const about = signal(client.about);
  const snapshots = snapshotSignals();
  const baselines = snapshotSignals();
  const statuses = signals<FeatureStatus>();
  const connection = signal<ConnectionState>(client.state);
  const lostSince = signal<number | undefined>(undefined);
  const notifications = signal<readonly Notification[]>([]);
  const arrivals = signal<readonly Notification[]>([]);
  const openedAt = now();
  let settledAt: number | undefined;
  /** The server's clock, as far as the first snapshots tell: a browser that is slow or wrong calls no history new. */
  let firstFiguresAt = 0;

  function take<Name extends FeatureName>(name: Name, snapshot: Snapshot<Name>): void {
    const current: Signal<Snapshot<Name> | undefined> = snapshots[name];
    const baseline: Signal<Snapshot<Name> | undefined> = baselines[name];
    current.value = snapshot;
    baseline.value ??= snapshot;
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
    if (notifications.peek().some(({ id }) => id === notification.id)) return;
    notifications.value = [notification, ...notifications.peek()]
      .sort((left, right) => right.id - left.id)
      .slice(0, NOTIFICATIONS_KEPT);
    const settled = settledAt !== undefined && now() >= settledAt;
    if (settled && Date.parse(notification.at) > firstFiguresAt) arrivals.value = [...arrivals.peek(), notification];
  });
  client.on('state', (state) => {
    connection.value = state;
    if (state.name === 'open') {
      settledAt ??= now() + SETTLING_MS;
      lostSince.value = undefined;
    } else if (state.name === 'waiting') lostSince.value ??= state.since;
  });

  client.on('about', (told) => {
    about.value = told;
  });

  return {
    client,
    about,
    snapshots,
    baselines,
    statuses,
    connection,
    lostSince,
    notifications,
    arrivals,
    openedAt,
    dismiss(id) {
      arrivals.value = arrivals.peek().filter((notification) => notification.id !== id);
    },
  };
}

const LiveContext = createContext<Live | undefined>(undefined);
export const LiveProvider = LiveContext.Provider;

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('There is no live store above this component');
  return live;
}

/** What the catalogue says of a feature; undefined until the server told. */
export function aboutFeature(live: Live, name: FeatureName): AboutFeature | undefined {
  return live.about.value?.features.find((feature) => feature.name === name);
}
