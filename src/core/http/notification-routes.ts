import { Type } from '@sinclair/typebox';
import type { Journal } from '../notifications/journal.ts';
import { Notification } from '../notifications/notification.ts';
import { parseInput } from '../runtime/parse-input.ts';
import type { Route } from './route.ts';
import { textResponse } from './text-response.ts';

/** Limit of one response. */
const MOST_ANSWERED = 500;

const Query = Type.Object({
  since: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'The id of the last notification that you have',
      examples: [0],
    }),
  ),
  limit: Type.Integer({
    minimum: 1,
    maximum: MOST_ANSWERED,
    default: 50,
    description: `Maximum number, 1 to ${MOST_ANSWERED}`,
    examples: [50],
  }),
});

/** Past notifications, for a client that was away. */
export function notificationRoutes(journal: Journal): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/notifications',
      aliases: ['/notifications'],
      tag: 'notifications',
      summary: 'Past notifications: the newest first, or with `since` those after it, the oldest first',
      query: Query,
      response: {
        status: 200,
        description: 'Notifications; with `since` oldest first, so that paging by the last id misses nothing',
        schema: Type.Array(Notification),
      },
      headers: ['Oldest-Notification'],
      problems: ['invalid-request'],
      handle({ request }) {
        const query = Object.fromEntries(new URL(request.url).searchParams);
        const { limit, since } = parseInput(Query, query);
        const listed = since === undefined ? journal.newest(limit) : journal.after(since, limit);
        const { oldestId } = journal;
        return textResponse(request, JSON.stringify(listed), 200, {
          'content-type': 'application/json; charset=utf-8',
          ...(oldestId === null ? {} : { 'oldest-notification': String(oldestId) }),
        });
      },
    },
  ];
}
