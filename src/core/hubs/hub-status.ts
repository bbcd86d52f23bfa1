import type { Instant } from '../figures/calendar.ts';
import type { Connection } from './connection.ts';
import type { Topic } from './topic.ts';

export interface HubStatus {
  readonly hub: string;
  readonly connections: number;
  /** Connections by the dialect they speak, and by the transport that carries them. */
  readonly dialects: Readonly<Record<string, number>>;
  readonly transports: Readonly<Record<string, number>>;
  readonly lastEmission: Instant | null;
  /** Null for a hub of several features. */
  readonly seq: number | null;
  readonly status: 'none' | 'live' | 'stale';
  readonly since: Instant | null;
  readonly reason: string | null;
}

/** The status of one hub. */
export function hubStatus(hub: string, topics: readonly Topic[], connections: readonly Connection[]): HubStatus {
  const shared = {
    hub,
    connections: connections.length,
    dialects: count(connections.map(({ dialect }) => dialect.name)),
    transports: count(connections.map(({ channel }) => channel.transport)),
  };
  const [only] = topics;
  if (only !== undefined && topics.length === 1) {
    const { status, since, reason } = only.status();
    return { ...shared, lastEmission: only.lastEmissionAt, seq: only.seq, status, since, reason };
  }
  const emissions = topics.flatMap(({ lastEmissionAt }) => lastEmissionAt ?? []);
  const statuses = topics.map((topic) => topic.status().status);
  return {
    ...shared,
    lastEmission: emissions.length === 0 ? null : Math.max(...emissions),
    seq: null,
    status: statuses.includes('stale') ? 'stale' : statuses.includes('none') ? 'none' : 'live',
    since: null,
    reason: null,
  };
}

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
