import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';
import type { Access } from '../access/access.ts';
import { namesThisMachine } from '../access/hosts.ts';
import { originAllowed } from '../access/origins.ts';
import { Problem } from '../problems.ts';
import { InvalidInputError } from '../runtime/parse-input.ts';
import type { ServerDescription } from './about-route.ts';
import type { Assets } from './assets.ts';
import { checkBody } from './body.ts';
import { documentationPages, type Page } from './documentation.ts';
import type { JsonObject } from './json.ts';
import { livePage } from './live-page.ts';
import { createPathAdviser } from './path-advice.ts';
import { problemOf, problemResponse } from './problem-response.ts';
import { normalizeUrl } from './request-url.ts';
import type { Call, Route } from './route.ts';
import { routeIndex } from './route-index.ts';

/** Headers that the front end sends (contract, section 6). */
const ALLOWED_HEADERS = [
  'Accept',
  'Authorization',
  'Content-Type',
  'X-CSRF-TOKEN',
  'X-Requested-With',
  'X-SignalR-User-Agent',
  'ngrok-skip-browser-warning',
];

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly access: Access;
  readonly origins: readonly string[];
  readonly openApi: JsonObject;
  readonly assets: Assets;
  /** What the server is, for the index of routes. */
  readonly about: ServerDescription;
  readonly hubs: HubHandlers;
  /** Told of errors that nobody foresaw. */
  readonly onError: (error: unknown) => void;
}

/** What answers requests to `/hubs`. What they throw becomes a refusal. */
export interface HubHandlers {
  readonly names: readonly string[];
  /** `/hubs/{hub}` with any method. @returns undefined where the request has become a WebSocket */
  connect(hub: string, request: Request): Promise<Response | undefined>;
  /** `POST /hubs/{hub}/negotiate`. */
  negotiate(hub: string, request: Request): Promise<Response>;
}

/** The HTTP side of the server: give its `fetch` to `Bun.serve`. */
export interface App {
  /** Elysia's own list of routes, for those who want to walk them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  fetch(request: Request): Response | Promise<Response>;
}

export function createApp(options: AppOptions): App {
  const shared: Shared = {
    ...options,
    pages: [
      ...livePage(options.assets.page, routeIndex(options)),
      ...documentationPages(options.openApi, options.assets),
    ],
    meantBy: createPathAdviser(everyPath(options)),
  };
  const app = createElysia(shared, false);
  // The headers that the plugin adds to every answer are only for requests that come from a page. Two apps, since one that
  // uses the other cannot serve its prebuilt responses.
  const forPages = createElysia(shared, true);
  return {
    routes: app.routes,
    fetch(request) {
      try {
        // Of the request as it came: normal, it has a host even where it named none.
        const mayBeForeign = !options.access.on && !namesThisMachine(request);
        normalizeUrl(request);
        if (mayBeForeign) throw foreignHost();
        const response = (request.headers.has('origin') ? forPages : app).fetch(request);
        return response instanceof Response ? response : response.catch((error) => refuse(error, request, options));
      } catch (error) {
        return refuse(error, request, options);
      }
    },
  };
}

function foreignHost(): Problem {
  return new Problem('not-allowed', 'Without access control the server answers to localhost and 127.0.0.1 only');
}

function corsFor(origins: readonly string[]) {
  return cors({
    origin: (request) => originAllowed(request, origins),
    credentials: true,
    allowedHeaders: ALLOWED_HEADERS,
    exposeHeaders: ['ETag', 'Age', 'Retry-After', 'Oldest-Notification'],
    methods: ['GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS'],
    maxAge: 600,
  });
}

function refuse(
  error: unknown,
  request: Request,
  { onError }: Pick<AppOptions, 'onError'>,
): Response | Promise<Response> {
  const problem = problemOf(error);
  if (problem !== undefined) return problemResponse(problem, request);
  onError(error);
  return problemResponse(new Problem('internal', 'Something went wrong here; it has been logged'), request);
}

/** What Elysia gives to a handler of ours: it leaves `params` out where the path has none. */
type Context = Pick<Call, 'request'> & Partial<Call>;

/** Answers at once what needs no waiting: a promise would cost as much as the answer. */
function answer(route: Route, options: AppOptions, { request, params = {} }: Context): Response | Promise<Response> {
  const { access } = options;
  const call = { request, params };
  try {
    const caller = access.on && route.open !== true ? access.identify(request, false) : undefined;
    if (caller instanceof Promise || route.method === 'POST') return answerOnceChecked(route, options, call, caller);
    const response = route.handle(call);
    return response instanceof Response ? response : response.catch((error) => refuse(error, request, options));
  } catch (error) {
    return refuse(error, request, options);
  }
}

/** @param caller who calls, once that is known */
async function answerOnceChecked(route: Route, options: AppOptions, call: Call, caller: unknown): Promise<Response> {
  try {
    await caller;
    if (route.method === 'POST') await checkBody(call.request);
    return await route.handle(call);
  } catch (error) {
    return refuse(error, call.request, options);
  }
}

/** What both apps are made of. */
interface Shared extends AppOptions {
  readonly pages: readonly Page[];
  /** The path that was meant by one that leads nowhere. */
  readonly meantBy: (path: string) => string | undefined;
}

function createElysia(options: Shared, headersForPages: boolean) {
  const { routes, origins, pages, hubs } = options;
  // Elysia looks for the path behind the eleventh letter of the URL unless told that hosts may be short; then it takes
  // `http:` for granted, which is all that this server speaks.
  const app = new Elysia({ name: 'greg-bi', handler: { standardHostname: false } }).onError(
    ({ error, code, request }) => {
      if (code === 'NOT_FOUND') return refuse(noSuchRoute(request, options.meantBy), request, options);
      const refused = code === 'PARSE' ? new InvalidInputError({ body: ['cannot be read'] }) : error;
      return refuse(refused, request, options);
    },
  );
  if (headersForPages) app.use(corsFor(origins));

  const connect = async ({ request, params }: { request: Request; params: { hub: string } }) => {
    try {
      return await hubs.connect(params.hub, request);
    } catch (error) {
      return refuse(error, request, options);
    }
  };
  for (const method of HUB_METHODS) app.route(method, '/hubs/:hub', connect);
  app.all('/hubs/:hub', ({ request }) => otherMethod(request, HUB_METHODS));
  app
    .post('/hubs/:hub/negotiate', async ({ request, params }) => {
      try {
        return await hubs.negotiate(params.hub, request);
      } catch (error) {
        return refuse(error, request, options);
      }
    })
    .all('/hubs/:hub/negotiate', ({ request }) => otherMethod(request, ['POST']));

  for (const { path, answer: answerWith } of pages) {
    const handle = answerPage.bind(undefined, answerWith, options);
    for (const method of PAGE_METHODS) app.route(method, path, handle);
    app.all(path, ({ request }) => otherMethod(request, PAGE_METHODS));
  }
  for (const [path, group] of byPath(routes)) {
    for (const route of group) {
      // Elysia awaits every answer of a handler in whose text a call stands behind a `return`, and an await costs as much
      // as the answer; a bound function has no text. A promise is mapped all the same.
      const handle = answer.bind(undefined, route, options);
      app.route(route.method, path, handle);
      if (route.method === 'GET') app.route('HEAD', path, handle);
    }
    app.all(path, ({ request }) => otherMethod(request, methodsOf(group)));
  }
  return app;
}

const HUB_METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];
const PAGE_METHODS = ['GET', 'HEAD'];

async function answerPage(answerWith: Page['answer'], options: AppOptions, { request }: Context): Promise<Response> {
  try {
    return await answerWith(request);
  } catch (error) {
    return refuse(error, request, options);
  }
}

function noSuchRoute({ url }: Request, meantBy: Shared['meantBy']): Problem {
  const meant = meantBy(new URL(url).pathname);
  const advice = meant === undefined ? '' : `; did you mean ${meant}?`;
  return new Problem('not-found', `There is no such route${advice || ';'} /swagger lists those there are`);
}

/** Every path that is served, parameters as `{name}`. */
function everyPath({ routes, hubs }: AppOptions): string[] {
  return [
    ...routes.flatMap(({ path, aliases = [] }) => [path, ...aliases]),
    ...hubs.names.flatMap((name) => [`/hubs/${name}`, `/hubs/${name}/negotiate`]),
    '/',
    '/docs',
    '/swagger',
    '/swagger/json',
  ];
}

/** Routes by the path as Elysia writes it: `{name}` becomes `:name`. */
function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1');
      groups.set(pattern, [...(groups.get(pattern) ?? []), route]);
    }
  }
  return groups;
}

function methodsOf(routes: readonly Route[]): string[] {
  return routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** OPTIONS tells what is possible (RFC 9110, section 9.3.7); whatever is left is not. */
function otherMethod(request: Request, methods: readonly string[]): Response | Promise<Response> {
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  const detail = `${request.method} is not possible here; allowed: ${allow}`;
  return problemResponse(new Problem('method-not-allowed', detail, { headers: { allow } }), request);
}
