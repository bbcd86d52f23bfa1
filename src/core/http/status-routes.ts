import { Type } from '@sinclair/typebox';
import { type Instant, isoInstantOrNull } from '../figures/calendar.ts';
import type { Hubs } from '../hubs/hubs.ts';
import { Problem } from '../problems.ts';
import { Count, InstantText, Nullable } from '../runtime/schema.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { Sources } from '../sources/sources.ts';
import { json, type Route } from './route.ts';

const TAG = 'status';
const DataState = Type.Union([Type.Literal('none'), Type.Literal('live'), Type.Literal('stale')], {
  examples: ['live'],
});

const Health = Type.Object({ status: Type.Literal('alive', { examples: ['alive'] }) }, { $id: 'Health' });

const FeatureReadiness = Type.Object(
  { feature: Type.String({ examples: ['claims'] }), data: DataState },
  { $id: 'FeatureReadiness' },
);
const Readiness = Type.Object(
  { status: Type.Literal('ready', { examples: ['ready'] }), features: Type.Array(FeatureReadiness) },
  { $id: 'Readiness' },
);

const HubStatus = Type.Object(
  {
    hub: Type.String({ examples: ['claims'] }),
    connections: Count('Open connections'),
    dialects: Type.Record(Type.String(), Count('Connections'), {
      description: 'Connections by the dialect they speak',
      examples: [{ json: 42 }],
    }),
    transports: Type.Record(Type.String(), Count('Connections'), {
      description: 'Connections by the transport that carries them',
      examples: [{ webSockets: 42 }],
    }),
    lastEmission: Nullable(InstantText('When the hub last sent to everyone')),
    seq: Nullable(Type.Integer({ examples: [7] }), { description: 'Of the latest snapshot; null for all' }),
    status: DataState,
    since: Nullable(InstantText('Since when the source fails')),
    reason: Nullable(Type.String({ examples: ['connection refused'] })),
  },
  { $id: 'HubStatus' },
);
const SourceStatus = Type.Object(
  {
    source: Type.String({ examples: ['sql'] }),
    description: Type.String({ description: 'What it is, in words', examples: ['SQL Server db.example/Shop'] }),
    changeDetection: Type.Object({
      mode: Type.String({ description: 'How it notices that something changed', examples: ['change-tracking'] }),
      reason: Nullable(
        Type.String({ examples: ['Change Tracking is off for Claims: db/change-tracking.sql switches it on'] }),
        { description: 'Why in no better way, and what would make it one; null where there is none better' },
      ),
    }),
  },
  { $id: 'SourceStatus' },
);
const HubStatuses = Type.Object(
  { hubs: Type.Array(HubStatus), sources: Type.Array(SourceStatus) },
  { $id: 'HubStatuses' },
);

export interface StatusRouteContext {
  readonly running: readonly RunningFeature[];
  readonly hubs: Hubs;
  readonly sources: Sources;
}

/** How the server is doing, for people, load balancers and orchestrators. */
export function statusRoutes({ running, hubs, sources }: StatusRouteContext): Route[] {
  return [
    {
      method: 'GET',
      path: '/health',
      open: true,
      tag: TAG,
      summary: 'Whether the process is alive',
      response: { status: 200, description: 'It is', schema: Health },
      problems: [],
      handle: () => json({ status: 'alive' }),
    },
    {
      method: 'GET',
      path: '/ready',
      open: true,
      tag: TAG,
      summary: 'Whether every feature has a first snapshot whose database is configured',
      response: { status: 200, description: 'Every feature has one', schema: Readiness },
      problems: ['not-ready'],
      handle: () => readiness(running, sources),
    },
    {
      method: 'GET',
      path: '/ws/status',
      tag: TAG,
      summary: 'Every hub: connections, last emission, sequence number, status; and how each source notices changes',
      response: { status: 200, description: 'Every hub', schema: HubStatuses },
      problems: [],
      handle: () => json({ hubs: hubs.statuses().map(describeHub), sources: describeSources(sources) }),
    },
  ];
}

/** Open to everyone, so it says which feature waits and not why: the reasons are in `/ws/status`. */
function readiness(running: readonly RunningFeature[], sources: Sources): Response {
  const features = running.map(({ actor }) => ({ feature: actor.name, data: actor.status().data }));
  const required = running.filter(({ feature }) => sources[feature.source].changeDetection().mode !== 'none');
  const waiting = required.map(({ actor }) => actor).filter((actor) => actor.status().data === 'none');
  if (waiting.length === 0) return json({ status: 'ready', features });
  throw new Problem('not-ready', `No snapshot yet of ${waiting.map(({ name }) => name).join(', ')}`, {
    members: { features },
  });
}

function describeSources({ sql, documents }: Sources) {
  return Object.entries({ sql, documents }).map(([source, { description, changeDetection }]) => ({
    source,
    description,
    changeDetection: changeDetection(),
  }));
}

function describeHub({ lastEmission, since, ...rest }: { lastEmission: Instant | null; since: Instant | null }) {
  return { ...rest, lastEmission: isoInstantOrNull(lastEmission), since: isoInstantOrNull(since) };
}
