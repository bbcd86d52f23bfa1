import { type TSchema, Type } from '@sinclair/typebox';
import type { Mirror } from '../mirror/mirror.ts';
import { Problem } from '../problems.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Feature, Part } from '../runtime/define-feature.ts';
import type { Question } from '../runtime/question.ts';
import { InstantText } from '../runtime/schema.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { QuestionDesk } from './question-desk.ts';
import type { Route } from './route.ts';
import { encodeEnvelope, snapshotResponse, WHOLE } from './snapshot-response.ts';
import { ProblemSchema, UnavailableSchema } from './snapshot-schema.ts';
import { jsonText } from './text-response.ts';

export interface FeatureRouteContext {
  readonly mirror: Pick<Mirror, 'answer'>;
  readonly desk: QuestionDesk<string>;
  readonly clock: Clock;
}

const CONDITIONAL = { bodiless: { 304: 'The client has the current content' }, headers: ['Age'] } as const;

/** Every route of a feature: the whole snapshot, its parts and its questions. */
export function featureRoutes(running: RunningFeature, context: FeatureRouteContext): Route[] {
  const { feature } = running;
  return [
    wholeRoute(running, context),
    ...feature.parts.map((part) => partRoute(running, part, context)),
    ...feature.questions.map((question) => questionRoute(running, question, context)),
  ];
}

/** With and without `/api`: the front end calls both. */
function bothPaths(feature: Feature, below: string): Pick<Route, 'path' | 'aliases'> {
  const path = `/${feature.name}${below === '' ? '' : `/${below}`}`;
  return { path: `/api${path}`, aliases: [path] };
}

function wholeRoute(running: RunningFeature, { clock }: FeatureRouteContext): Route {
  const { feature } = running;
  return {
    method: 'GET',
    ...bothPaths(feature, ''),
    tag: feature.name,
    summary: `${feature.title.en}: the whole latest snapshot`,
    response: { status: 200, description: feature.description, schema: envelopeSchema(feature) },
    ...CONDITIONAL,
    problems: ['not-ready'],
    handle({ request }) {
      const snapshot = latestOrRefuse(running);
      return snapshotResponse(snapshot, WHOLE, () => encodeEnvelope(snapshot), request, clock.now());
    },
  };
}

function partRoute(running: RunningFeature, part: Part<unknown>, { clock }: FeatureRouteContext): Route {
  const { feature } = running;
  return {
    method: 'GET',
    ...bothPaths(feature, part.path),
    tag: feature.name,
    summary: part.summary,
    response: { status: 200, description: part.summary, schema: part.schema },
    ...CONDITIONAL,
    problems: ['not-ready'],
    handle({ request }) {
      const snapshot = latestOrRefuse(running);
      const encode = () => JSON.stringify(part.select(snapshot.data));
      return snapshotResponse(snapshot, part.path, encode, request, clock.now());
    },
  };
}

function questionRoute(running: RunningFeature, question: Question<unknown>, context: FeatureRouteContext): Route {
  const { feature, actor } = running;
  const { mirror, desk, clock } = context;
  return {
    method: 'GET',
    ...bothPaths(feature, question.path),
    tag: feature.name,
    summary: question.summary,
    params: question.params,
    query: question.query,
    response: { status: 200, description: question.summary, schema: question.response },
    ...(question.mayBeRemembered ? CONDITIONAL : {}),
    problems: ['invalid-request', 'not-ready', 'busy', 'source-unavailable', 'source-too-slow'],
    async handle({ request, params = {} }) {
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const input = { params, query };
      const prepared = question.prepare(input);
      const snapshot = actor.latest();
      const remembered = snapshot === undefined ? undefined : prepared.fromSnapshot(snapshot.data);
      if (snapshot !== undefined && remembered !== undefined) {
        return snapshotResponse(snapshot, prepared.key, () => JSON.stringify(remembered), request, clock.now());
      }
      const key = `${feature.name} ${prepared.key}`;
      const asked = desk.answer(key, () => mirror.answer(feature.name, question.path, input, clock.now()));
      return jsonText(request, await asked);
    },
  };
}

/**
 * The latest snapshot.
 *
 * @throws Problem `not-ready` before the first one, with the reason if known
 */
function latestOrRefuse({ feature, actor }: RunningFeature): Snapshot {
  const snapshot = actor.latest();
  if (snapshot !== undefined) return snapshot;
  const { failing } = actor.status();
  const because = failing === null ? 'its first refresh is under way' : `its source fails: ${failing.reason}`;
  throw new Problem('not-ready', `There is no snapshot of ${feature.name} yet: ${because}`);
}

function envelopeSchema(feature: Feature): TSchema {
  const pascal = feature.name.charAt(0).toUpperCase() + feature.name.slice(1);
  return Type.Object(
    {
      feature: Type.Literal(feature.name, { examples: [feature.name] }),
      seq: Type.Integer({ minimum: 0, description: 'Grows when the content changes', examples: [7] }),
      generatedAt: InstantText('The instant that every figure takes as "now"'),
      status: Type.Union([Type.Literal('live'), Type.Literal('stale')], { examples: ['live'] }),
      staleSince: Type.Optional(InstantText('Since when the source has been failing')),
      staleReason: Type.Optional(Type.String({ description: 'Why it fails', examples: ['connection refused'] })),
      unavailable: Type.Array(UnavailableSchema),
      problems: Type.Array(ProblemSchema),
      data: feature.schema,
    },
    { $id: `${pascal}Snapshot` },
  );
}
