import type { Feature } from '../runtime/define-feature.ts';
import { About } from './about-schema.ts';
import type { Route } from './route.ts';
import { StoredBody, StoredHeaders, storedResponse } from './stored-response.ts';

/** Describes the server as a whole. */
export interface ServerDescription {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** IANA name of the time zone of calendar days. */
  readonly timeZone: string;
}

export interface AboutOptions {
  readonly server: ServerDescription;
  readonly features: readonly Feature[];
  readonly hubs: readonly string[];
  readonly emitIntervalMs: (hub: string) => number | null;
}

/** `GET /api/about`. It never changes while the server runs, so it is encoded once. */
export function aboutRoute(options: AboutOptions): Route {
  const text = JSON.stringify(aboutOf(options));
  const etag = `W/"${Bun.hash(text).toString(16)}"`;
  const headers = new StoredHeaders('application/json; charset=utf-8', { 'cache-control': 'no-cache', etag });
  const body = new StoredBody(new Blob([text]));
  return {
    method: 'GET',
    path: '/api/about',
    aliases: ['/about'],
    tag: 'status',
    summary: 'The server, its features with their figures and lists, and its hubs: what to know before reading',
    response: { status: 200, description: 'The server', schema: About },
    bodiless: { 304: 'The client has the current content' },
    problems: [],
    handle: ({ request }) => storedResponse(request, body, etag, headers),
  };
}

function aboutOf({ server, features, hubs, emitIntervalMs }: AboutOptions): About {
  return {
    name: server.title,
    version: server.version,
    timeZone: server.timeZone,
    currency: 'BRL',
    features: features.map(({ name, title, description, headlines, catalogue: { figures, lists } }) => ({
      name,
      title,
      description,
      headlines: [...headlines],
      figures: [...figures],
      lists: lists.map((list) => ({ ...list, columns: [...list.columns] })),
      emitIntervalMs: emitIntervalMs(name) ?? 0,
    })),
    hubs: hubs.map((name) => ({ name, path: `/hubs/${name}`, emitIntervalMs: emitIntervalMs(name) })),
  };
}
