import type { ClaimsData } from '../features/claims/schemas.ts';
import type { ContentData } from '../features/content/schemas.ts';
import type { FinancialData } from '../features/financial/schemas.ts';
import type { StorageData } from '../features/storage/schemas.ts';
import type { SubscriptionsData } from '../features/subscriptions/schemas.ts';
import type { SupportData } from '../features/support/schemas.ts';
import type { UsersData } from '../features/users/schemas.ts';

export interface FeatureData {
  readonly claims: ClaimsData;
  readonly financial: FinancialData;
  readonly subscriptions: SubscriptionsData;
  readonly support: SupportData;
  readonly content: ContentData;
  readonly users: UsersData;
  readonly storage: StorageData;
}
export type FeatureName = keyof FeatureData;

export interface Title {
  readonly en: string;
  readonly pt: string;
}
export type Unit = 'BRL' | 'count' | 'percent' | 'days' | 'minutes' | 'bytes' | 'megabytes' | 'gigabytes';
export type GoodDirection = 'up' | 'down' | 'neither';
export type ColumnKind = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'day' | 'month' | 'link';
export interface Figure {
  readonly path: string;
  readonly title: Title;
  readonly unit: Unit;
  readonly good: GoodDirection;
}
export interface Column {
  readonly name: string;
  readonly title: Title;
  readonly kind: ColumnKind;
  readonly unit?: Unit;
  readonly good?: GoodDirection;
}
export interface List {
  readonly path: string;
  readonly title: Title;
  readonly columns: readonly Column[];
}
export interface AboutFeature {
  readonly name: string;
  readonly title: Title;
  readonly description: string;
  readonly headlines: readonly string[];
  readonly figures: readonly Figure[];
  readonly lists: readonly List[];
  readonly emitIntervalMs: number;
}
export interface About {
  readonly name: string;
  readonly version: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly features: readonly AboutFeature[];
  readonly hubs: readonly { readonly name: string; readonly path: string; readonly emitIntervalMs: number }[];
}

export interface Problem {
  readonly kind: 'missing-column' | 'unreadable-value' | 'duplicate-key';
  readonly table: string;
  readonly column: string | null;
  readonly rows: number;
  readonly example: string | null;
}
export interface FeatureSnapshot<Name extends FeatureName = FeatureName> {
  readonly feature: Name;
  readonly seq: number;
  readonly at: string;
  readonly reason: 'Initial' | 'Auto' | 'Manual';
  readonly status: 'live' | 'stale';
  readonly unavailable: readonly { readonly figure: string; readonly column: string }[];
  readonly problems: readonly Problem[];
  readonly data: FeatureData[Name];
}
export type AnySnapshot = { [Name in FeatureName]: FeatureSnapshot<Name> }[FeatureName];
export interface FeatureStatus {
  readonly feature: FeatureName;
  readonly status: 'live' | 'stale';
  readonly since: string | null;
  readonly reason: string | null;
}
export interface HubNotification {
  readonly id: number;
  readonly hub: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly message: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export type ConnectionState =
  | {
      readonly state: 'connecting' | 'open' | 'waiting' | 'closed';
      readonly since: number;
      readonly attempt: number;
      readonly nextAttemptAt?: number;
    }
  | {
      readonly state: 'refused';
      readonly since: number;
      readonly attempt: number;
      readonly code: '401' | '403' | 'expired' | 'revoked';
      readonly message: string;
    };

export interface ClientEvents {
  snapshot: AnySnapshot;
  status: FeatureStatus;
  notification: HubNotification;
  state: ConnectionState;
}

export interface Client {
  connect(): void;
  close(): void;
  on<Event extends keyof ClientEvents>(event: Event, listener: (value: ClientEvents[Event]) => void): () => void;
  readonly snapshots: { readonly [Name in FeatureName]?: FeatureSnapshot<Name> };
  forceUpdate(feature: FeatureName): void;
  rest(path: string): Promise<unknown>;
}

/** Stands in until the real client is here. */
export function createClient(options: { baseUrl?: string; token?: () => string | undefined } = {}): Client {
  const listeners = new Map<string, Set<(value: never) => void>>();
  const emit = <Event extends keyof ClientEvents>(event: Event, value: ClientEvents[Event]) => {
    for (const listener of listeners.get(event) ?? []) listener(value as never);
  };
  let attempt = 0;
  let socket: WebSocket | undefined;
  const connect = () => {
    emit('state', { state: 'connecting', since: Date.now(), attempt });
    const token = options.token?.();
    const url = new URL('/hubs/all?protocol=json', options.baseUrl ?? '');
    if (token !== undefined) url.searchParams.set('access_token', token);
    url.protocol = url.protocol.replace('http', 'ws');
    socket = new WebSocket(url);
    socket.onopen = () => {
      attempt = 0;
      emit('state', { state: 'open', since: Date.now(), attempt });
    };
    socket.onmessage = (event) => {
      const frame = JSON.parse(String(event.data));
      if (frame.type === 'Snapshot') emit('snapshot', { ...frame, feature: frame.hub });
      if (frame.type === 'Status') emit('status', { ...frame, feature: frame.hub });
      if (frame.type === 'Notification') emit('notification', frame);
    };
    socket.onclose = () => {
      attempt += 1;
      emit('state', { state: 'waiting', since: Date.now(), attempt, nextAttemptAt: Date.now() + 2000 });
      setTimeout(connect, 2000);
    };
  };
  return {
    connect,
    close: () => socket?.close(),
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener as never);
      return () => set.delete(listener as never);
    },
    snapshots: {},
    forceUpdate: (feature) => void fetch(`/api/${feature}`),
    rest: async (path) => (await fetch(path)).json(),
  };
}
