import { Type } from '@sinclair/typebox';
import type { History } from '../history/history.ts';
import { MOST_FIGURES, MOST_POINTS, parseHistoryQuestion } from '../history/parse-history-question.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Feature } from '../runtime/define-feature.ts';
import { History as HistoryAnswer } from './history-schema.ts';
import type { QuestionDesk } from './question-desk.ts';
import type { Route } from './route.ts';
import { textResponse } from './text-response.ts';

export interface HistoryRouteOptions {
  readonly feature: Feature;
  /** The database that the feature is computed from. */
  readonly source: string;
  readonly history: Pick<History, 'read'>;
  readonly desk: QuestionDesk<string>;
  readonly timeZone: string;
  readonly clock: Clock;
}

/** `GET /api/{feature}/history`: figures over time. */
export function historyRoute(options: HistoryRouteOptions): Route {
  const { feature, source, history, desk, timeZone, clock } = options;
  return {
    method: 'GET',
    path: `/api/${feature.name}/history`,
    aliases: [`/${feature.name}/history`],
    tag: feature.name,
    summary: `${feature.title.en}: figures over time, recorded once a minute`,
    query: queryOf(feature),
    response: { status: 200, description: 'A series for each figure', schema: HistoryAnswer },
    problems: ['invalid-request', 'busy', 'source-unavailable', 'source-too-slow'],
    async handle({ request }) {
      const { searchParams } = new URL(request.url);
      const question = parseHistoryQuestion(searchParams, { feature, source, timeZone, now: clock.now() });
      const answer = await desk.answer(`history ${JSON.stringify(question)}`, () => history.read(question));
      return textResponse(request, answer, 200, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-cache',
      });
    },
  };
}

/** For the OpenAPI document: `parseHistoryQuestion` reads the parameters. */
function queryOf({ headlines }: Feature) {
  return Type.Object({
    figure: Type.Optional(
      Type.Array(Type.String(), {
        description: `Paths of figures, one parameter each, at most ${MOST_FIGURES}; the headlines by default`,
        examples: [headlines.slice(0, 2)],
      }),
    ),
    from: Type.Optional(
      Type.String({
        description: 'Start: an instant, or a date for the start of that day; by default 24 hours before the end',
        examples: ['2026-03-01'],
      }),
    ),
    to: Type.Optional(
      Type.String({
        description: 'End: an instant, or a date for the end of that day; the end of the current minute by default',
        examples: ['2026-03-31'],
      }),
    ),
    step: Type.Optional(
      Type.Union([Type.Literal('minute'), Type.Literal('hour'), Type.Literal('day')], {
        description: `What a point stands for, at most ${MOST_POINTS} points; minutes are kept for 7 days, hours for 90; by default as fine as fits the period`,
        examples: ['day'],
      }),
    ),
    compare: Type.Optional(
      Type.Literal('previous', {
        description: 'Adds the period before, of equal length',
        examples: ['previous'],
      }),
    ),
  });
}
