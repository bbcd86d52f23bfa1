import { Type } from '@sinclair/typebox';
import { type Journal, MOST_LISTED } from '../notifications/journal.ts';
import { Notification } from '../notifications/notification.ts';
import { parseInput } from '../runtime/parse-input.ts';
import { json, type Route } from './route.ts';

const Query = Type.Object({
  since: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Only those with a greater id: the last one you have', examples: [0] }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: MOST_LISTED,
    default: 50,
    description: `How many at most, 1 to ${MOST_LISTED}`,
    examples: [50],
  }),
});

/** What was pushed, for a client that was away. From memory: it holds as many as can be asked for. */
export function notificationRoutes(journal: Journal): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/notifications',
      aliases: ['/notifications'],
      tag: 'notifications',
      summary: 'What was pushed to the hub of notifications, newest first',
      query: Query,
      response: { status: 200, description: 'Notifications, newest first', schema: Type.Array(Notification) },
      problems: ['invalid-request'],
      handle({ request }) {
        const query = Object.fromEntries(new URL(request.url).searchParams);
        const { limit, since } = parseInput(Query, query);
        return json(journal.newest(limit, since));
      },
    },
  ];
}
