import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type {
  About,
  AboutFeature,
  Client,
  ConnectionState,
  FeatureName,
  FeatureSnapshot,
  FeatureStatus,
  HubNotification,
} from '../../client/index.ts';

export const FEATURE_NAMES = [
  'claims',
  'financial',
  'subscriptions',
  'support',
  'content',
  'users',
  'storage',
] as const satisfies readonly FeatureName[];

type SnapshotSignals = { readonly [Name in FeatureName]: Signal<FeatureSnapshot<Name> | undefined> };

/** What the server says, as signals: the page reads these and nothing else. */
export interface Live {
  readonly client: Client;
  readonly about: ReadonlySignal<About | undefined>;
  readonly snapshots: SnapshotSignals;
  /** The first snapshot of each feature since the page opened: what a change is counted from. */
  readonly baselines: SnapshotSignals;
  readonly statuses: { readonly [Name in FeatureName]: Signal<FeatureStatus | undefined> };
  readonly connection: ReadonlySignal<ConnectionState>;
  /** Newest first. */
  readonly notifications: ReadonlySignal<readonly HubNotification[]>;
  /** Those that came while the page was open. */
  readonly arrivals: ReadonlySignal<readonly HubNotification[]>;
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
export function createLive(client: Client): Live {
  const about = signal<About | undefined>(undefined);
  const snapshots = snapshotSignals();
  const baselines = snapshotSignals();
  const statuses = signals<FeatureStatus>();
  const connection = signal<ConnectionState>({ state: 'connecting', since: Date.now(), attempt: 0 });
  const notifications = signal<readonly HubNotification[]>([]);
  const arrivals = signal<readonly HubNotification[]>([]);
  const openedAt = Date.now();
  let settledAt: number | undefined;

  function take<Name extends FeatureName>(name: Name, snapshot: FeatureSnapshot<Name>): void {
    const current: Signal<FeatureSnapshot<Name> | undefined> = snapshots[name];
    const baseline: Signal<FeatureSnapshot<Name> | undefined> = baselines[name];
    current.value = snapshot;
    baseline.value ??= snapshot;
  }

  client.on('snapshot', (snapshot) => {
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
    if (settledAt !== undefined && Date.now() >= settledAt) arrivals.value = [...arrivals.peek(), notification];
  });
  client.on('state', (state) => {
    connection.value = state;
    if (state.state !== 'open') return;
    settledAt ??= Date.now() + SETTLING_MS;
    void readAbout();
  });

  async function readAbout(): Promise<void> {
    about.value = (await client.rest('/api/about')) as About;
  }

  return {
    client,
    about,
    snapshots,
    baselines,
    statuses,
    connection,
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

/** Whether what is shown may have moved on without us. */
export function isOffline(state: ConnectionState): boolean {
  return state.state === 'waiting' || state.state === 'closed' || state.state === 'refused' || state.attempt > 0;
}
