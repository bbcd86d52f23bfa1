import { Type } from '@sinclair/typebox';
import type { Feed } from '../feeds/feed.ts';
import { type Instant, isoInstant, isoInstantOrNull } from '../figures/calendar.ts';
import type { History } from '../history/history.ts';
import type { Hubs } from '../hubs/hubs.ts';
import type { Mirror } from '../mirror/mirror.ts';
import type { Problem as DataProblem } from '../mirror/problem.ts';
import type { Outlets } from '../outlets/outlets.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import { Count, InstantText, Nullable } from '../runtime/schema.ts';
import { SourceError } from '../runtime/source-errors.ts';
import type { Feeds, RunningFeature } from '../runtime/supervisor.ts';
import { withSignal } from '../runtime/with-signal.ts';
import { OutletStatusBody, outletStatusBody } from './outlet-schema.ts';
import type { Route } from './route.ts';
import { ProblemSchema } from './snapshot-schema.ts';
import { json } from './text-response.ts';

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
      description: 'Connections by dialect',
      examples: [{ json: 42 }],
    }),
    transports: Type.Record(Type.String(), Count('Connections'), {
      description: 'Connections by transport',
      examples: [{ webSockets: 42 }],
    }),
    lastEmission: Nullable(InstantText('When the hub last sent to all clients')),
    seq: Nullable(Type.Integer({ examples: [7] }), { description: 'Of the latest snapshot; null for the hub `all`' }),
    status: DataState,
    since: Nullable(InstantText('Since when the source has been failing')),
    reason: Nullable(Type.String({ examples: ['connection refused'] })),
  },
  { $id: 'HubStatus' },
);
const FeedStatus = Type.Object(
  {
    source: Type.String({ examples: ['sql'] }),
    description: Type.String({
      description: 'The database or folder that it reads',
      examples: ['SQL Server db.example/Shop'],
    }),
    activity: Type.String({
      enum: ['opening', 'loading', 'following', 'backing-off', 'stopped', 'none'],
      description: 'What the feed is doing',
      examples: ['following'],
    }),
    mode: Nullable(Type.String({ examples: ['change-tracking'] }), { description: 'How the feed detects changes' }),
    reason: Nullable(
      Type.String({ examples: ['Change Tracking is off for Claims: db/change-tracking.sql switches it on'] }),
      { description: 'Why it uses no better mode, and how to get one; null if this is the best' },
    ),
    position: Nullable(Type.String({ examples: ['{"version":4711}'] }), {
      description: "Position in the source's history that the mirror has reached",
    }),
    lastSync: Nullable(InstantText('When the source last answered which rows changed')),
    lagMs: Nullable(Count('Milliseconds since lastSync')),
    rowsRead: Count('Rows read since the start'),
    reconciled: Nullable(
      Type.Object({
        at: InstantText('When source and mirror were last compared'),
        differing: Type.Array(Type.String(), {
          description: 'Tables that differed and were reloaded',
          examples: [['Payments']],
        }),
      }),
      { description: 'Null before the first comparison' },
    ),
    failing: Nullable(
      Type.Object({ since: InstantText('Since when'), reason: Type.String({ examples: ['connection refused'] }) }),
      { description: 'Why the source fails; null while it does not' },
    ),
    mirror: Nullable(
      Type.Object({
        rows: Type.Record(Type.String(), Count('Rows'), { examples: [{ Payments: 60000 }] }),
        bytes: Count('Bytes of its mirror'),
        bytesPerRow: Count('Bytes a row, rollups included'),
      }),
      { description: 'Null if the mirror did not answer in time' },
    ),
  },
  { $id: 'FeedStatus' },
);
const HubLoad = Type.Object(
  {
    connections: Count('Open connections'),
    following: Count('Subscriptions that are up to date; one per connection and topic'),
    behind: Count('Subscriptions whose client reads too slowly'),
    longestBacklogBytes: Count('Unsent bytes of the slowest client'),
  },
  { $id: 'HubLoad' },
);
const HistoryStatus = Nullable(
  Type.Object({
    bytes: Count('Bytes of its file'),
    oldest: Nullable(InstantText('The minute of the oldest point'), { description: 'Null before the first point' }),
  }),
  { description: 'Null if the history did not answer in time' },
);
const HubStatuses = Type.Object(
  {
    hubs: Type.Array(HubStatus),
    load: HubLoad,
    feeds: Type.Array(FeedStatus),
    outlets: Type.Array(OutletStatusBody),
    history: HistoryStatus,
    problems: Type.Array(ProblemSchema),
  },
  { $id: 'HubStatuses' },
);

const Comparisons = Type.Object(
  {
    feeds: Type.Array(
      Type.Object({
        source: Type.String({ examples: ['sql'] }),
        at: Nullable(InstantText('When they were compared'), {
          description: 'Null if the source cannot be compared cheaply, or kept changing',
        }),
        differing: Type.Array(Type.String(), {
          description: 'Tables that differed and are being reloaded',
          examples: [['Payments']],
        }),
      }),
    ),
  },
  { $id: 'Comparisons' },
);

export interface StatusRouteContext {
  readonly running: readonly RunningFeature[];
  readonly hubs: Hubs;
  readonly feeds: Feeds;
  readonly mirror: Pick<Mirror, 'size'>;
  readonly outlets: Pick<Outlets, 'statuses'>;
  readonly history: Pick<History, 'size'>;
  readonly clock: Clock;
}

/** Health, readiness and status: for people, load balancers and orchestrators. */
export function statusRoutes(context: StatusRouteContext): Route[] {
  const { running, hubs, feeds, mirror, outlets, history, clock } = context;
  return [
    {
      method: 'GET',
      path: '/health',
      open: true,
      tag: TAG,
      summary: 'Whether the process is alive',
      response: { status: 200, description: 'It is', schema: Health },
      problems: [],
      handle: ({ request }) => json(request, { status: 'alive' }),
    },
    {
      method: 'GET',
      path: '/ready',
      open: true,
      tag: TAG,
      summary: 'Whether every feature of a configured database has its first snapshot',
      response: { status: 200, description: 'Every such feature has one', schema: Readiness },
      problems: ['not-ready'],
      handle: ({ request }) => readiness(request, running, feeds),
    },
    {
      method: 'GET',
      path: '/ws/status',
      tag: TAG,
      summary:
        'Status of every hub, feed and outlet, slow clients, the size of mirror and history, and problems in the data',
      response: { status: 200, description: 'Hubs, feeds, outlets and problems', schema: HubStatuses },
      problems: [],
      handle: async ({ request }) =>
        json(request, {
          hubs: hubs.statuses().map(describeHub),
          load: hubs.load(),
          feeds: await Promise.all(Object.values(feeds).map((feed) => describeFeed(feed, mirror, clock.now()))),
          outlets: outlets.statuses().map(outletStatusBody),
          history: await describeHistory(history),
          problems: problemsIn(running),
        }),
    },
    {
      method: 'POST',
      path: '/api/compare',
      tag: TAG,
      summary: 'Compares the mirror with the databases now, and reloads tables that differ',
      response: { status: 200, description: 'Tables that differed', schema: Comparisons },
      problems: [
        'invalid-request',
        'source-unavailable',
        'source-too-slow',
        'body-too-large',
        'unsupported-media-type',
      ],
      handle: async ({ request }) => json(request, { feeds: await compareFeeds(feeds) }),
    },
  ];
}

/** Shorter than the server's idle timeout, which would cut the answer off. */
const COMPARE_WITHIN_MS = 25_000;

async function compareFeeds(feeds: Feeds) {
  const configured = Object.values(feeds).filter((feed) => feed.status().activity !== 'none');
  return Promise.all(
    configured.map(async (feed) => {
      const compared = await withSignal(feed.compare(), AbortSignal.timeout(COMPARE_WITHIN_MS));
      const at = compared === null ? null : isoInstant(compared.at);
      return { source: feed.name, at, differing: compared?.differing ?? [] };
    }),
  );
}

/** Open to everyone, so it lists the features that are not ready without reasons. Those are in `/ws/status`. */
function readiness(request: Request, running: readonly RunningFeature[], feeds: Feeds): Response | Promise<Response> {
  const features = running.map(({ actor }) => ({ feature: actor.name, data: actor.status().data }));
  const required = running.filter(({ feature }) => feeds[feature.source].status().activity !== 'none');
  const waiting = required.map(({ actor }) => actor).filter((actor) => actor.status().data === 'none');
  if (waiting.length === 0) return json(request, { status: 'ready', features });
  throw new Problem('not-ready', `No snapshot yet of ${waiting.map(({ name }) => name).join(', ')}`, {
    members: { features },
  });
}

/** A mirror that is loading a source may answer late. The rest of the status must not wait for it. */
const SIZE_WITHIN_MS = 1_000;

/** Size of a feed's mirror; null if it does not answer in time. */
async function sizeOf(feed: Feed, mirror: Pick<Mirror, 'size'>) {
  try {
    const { rows, bytes } = await withSignal(mirror.size(feed.name), AbortSignal.timeout(SIZE_WITHIN_MS));
    const count = Object.values(rows).reduce((sum, each) => sum + each, 0);
    return { rows, bytes, bytesPerRow: count === 0 ? 0 : Math.round(bytes / count) };
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

async function describeHistory(history: Pick<History, 'size'>) {
  try {
    const { bytes, oldest } = await withSignal(history.size(), AbortSignal.timeout(SIZE_WITHIN_MS));
    return { bytes, oldest: isoInstantOrNull(oldest) };
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

async function describeFeed(feed: Feed, mirror: Pick<Mirror, 'size'>, now: Instant) {
  const { isLoaded: _, lastSync, failing, reconciled, ...rest } = feed.status();
  return {
    ...rest,
    lastSync: isoInstantOrNull(lastSync),
    lagMs: lastSync === null ? null : Math.max(0, now - lastSync),
    reconciled: reconciled === null ? null : { ...reconciled, at: isoInstant(reconciled.at) },
    failing: failing === null ? null : { since: isoInstant(failing.since), reason: failing.reason },
    mirror: await sizeOf(feed, mirror),
  };
}

/** The problems of all snapshots, each once. */
function problemsIn(running: readonly RunningFeature[]): DataProblem[] {
  const all = running.flatMap(({ actor }) => actor.latest()?.problems ?? []);
  return [
    ...new Map(all.map((problem) => [JSON.stringify([problem.kind, problem.table, problem.column]), problem])).values(),
  ];
}

function describeHub({ lastEmission, since, ...rest }: { lastEmission: Instant | null; since: Instant | null }) {
  return { ...rest, lastEmission: isoInstantOrNull(lastEmission), since: isoInstantOrNull(since) };
}
