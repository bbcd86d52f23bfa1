import { Elysia } from 'elysia';
import type { Access } from '../access/access.ts';
import { namesThisMachine } from '../access/hosts.ts';
import { Problem } from '../problems.ts';
import type { JsonObject } from '../runtime/json.ts';
import type { ServerDescription } from './about-route.ts';
import type { Assets } from './assets.ts';
import { checkBody } from './body.ts';
import { headersForPages } from './cors.ts';
import { documentationPages } from './documentation.ts';
import { livePage } from './live-page.ts';
import { createPathAdviser } from './path-advice.ts';
import { problemOf, problemResponse } from './problem-response.ts';
import { normalizeUrl } from './request-url.ts';
import type { Call, Route } from './route.ts';
import { routeIndex } from './route-index.ts';

export interface AppOptions {
  readonly routes: readonly Route[];
  readonly access: Access;
  readonly origins: readonly string[];
  readonly openApi: JsonObject;
  readonly assets: Assets;
  /** What the server is, for the index of routes. */
  readonly about: ServerDescription;
  readonly hubs: HubHandlers;
  /** Called with unexpected errors. */
  readonly onError: (error: unknown) => void;
}

/** Answers requests to `/hubs`. A thrown error becomes a refusal. */
export interface HubHandlers {
  readonly names: readonly string[];
  /** `/hubs/{hub}` with any method. @returns undefined if the request has become a WebSocket */
  connect(hub: string, request: Request): Promise<Response | undefined>;
  /** `POST /hubs/{hub}/negotiate`. */
  negotiate(hub: string, request: Request): Promise<Response>;
}

/** The HTTP side of the server: give its `fetch` to `Bun.serve`. */
export interface App {
  /** Every route that Elysia serves. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  fetch(request: Request): Response | Promise<Response>;
}

type Handler = (call: Call) => Response | undefined | Promise<Response | undefined>;
/** Answers with the problem that an error stands for. */
type Refuse = (error: unknown, request: Request) => Response | Promise<Response>;
type Guard = (call: Call) => Promise<void>;

const HUB_METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];
const PAGE_METHODS = ['GET', 'HEAD'];

export function createApp(options: AppOptions): App {
  const { routes, access, openApi, assets, hubs } = options;
  const refuse = refusalsOf(options);
  const app = createElysia(options, refuse);
  const add = (methods: readonly string[], path: string, handle: Handler, beforeHandle: Guard[] = []) => {
    // Bound, since Elysia reads the text of functions: it awaits a handler with a call after `return`, which costs as much
    // as the answer. `parse: 'none'` would have it await too.
    const unawaited = handleAtOnce.bind(undefined, handle, refuse);
    for (const method of methods) app.route(method, path, unawaited, { beforeHandle });
  };
  const addOtherMethods = (path: string, methods: readonly string[]) => {
    app.all(path, ({ request }) => otherMethod(request, methods));
  };

  const pages = [...livePage(assets.page, routeIndex(options)), ...documentationPages(openApi, assets)];
  for (const { path, answer } of pages) {
    add(PAGE_METHODS, path, ({ request }) => answer(request));
    addOtherMethods(path, PAGE_METHODS);
  }
  add(HUB_METHODS, '/hubs/:hub', ({ request, params }) => hubs.connect(params?.hub ?? '', request));
  addOtherMethods('/hubs/:hub', HUB_METHODS);
  add(['POST'], '/hubs/:hub/negotiate', ({ request, params }) => hubs.negotiate(params?.hub ?? '', request));
  addOtherMethods('/hubs/:hub/negotiate', ['POST']);

  for (const [path, group] of byPath(routes)) {
    for (const route of group) add(methodsOf(route), path, route.handle, guardsOf(route, access));
    addOtherMethods(path, group.flatMap(methodsOf));
  }
  return app;
}

/** The application without routes: the hooks of every request, also of one that has no route. */
function createElysia({ routes, access, origins, hubs }: AppOptions, refuse: Refuse) {
  const suggestedPath = createPathAdviser(everyPath(routes, hubs));
  // Hosts may be short: by default Elysia looks for the path after the eleventh character of the URL. It then assumes
  // `http:`, the only protocol here.
  const app = new Elysia({ name: 'greg-bi', handler: { standardHostname: false } })
    // Not a hook: Elysia reads the URL before the first one.
    .wrap((fetch, request) => {
      normalizeUrl(request);
      return fetch;
    })
    .use(headersForPages(origins))
    .onError(({ error, code, request }) => {
      // A variable, for the same reason that handlers are bound.
      const response = refuse(code === 'NOT_FOUND' ? noSuchRoute(request, suggestedPath) : error, request);
      return response;
    });
  return access.on ? app : app.onRequest(refuseForeignHosts);
}

const UNEXPECTED = new Problem('internal', 'Something went wrong here; it has been logged');

function refusalsOf({ onError }: AppOptions): Refuse {
  return (error, request) => {
    const problem = problemOf(error);
    if (problem === undefined) onError(error);
    return problemResponse(problem ?? UNEXPECTED, request);
  };
}

/** Catches by hand only what Elysia cannot: it does not await the promise, so its `onError` never sees the rejection. */
function handleAtOnce(handle: Handler, refuse: Refuse, call: Call): ReturnType<Handler> {
  const response = handle(call);
  return response instanceof Promise ? response.catch((error: unknown) => refuse(error, call.request)) : response;
}

function refuseForeignHosts({ request }: Pick<Call, 'request'>): void {
  if (namesThisMachine(request)) return;
  throw new Problem('not-allowed', 'Without access control the server answers to localhost and 127.0.0.1 only');
}

/** Hooks of each route: a hook of the application guards only the routes that are added after it. */
function guardsOf({ method, open = false }: Route, access: Access): Guard[] {
  // `async` functions: Elysia awaits these whatever their text is.
  const identify: Guard = async ({ request }) => {
    await access.identify(request, false);
  };
  const check: Guard = async ({ request }) => {
    await checkBody(request);
  };
  return [...(access.on && !open ? [identify] : []), ...(method === 'POST' ? [check] : [])];
}

function noSuchRoute({ url }: Request, suggestedPath: (path: string) => string | undefined): Problem {
  const meant = suggestedPath(new URL(url).pathname);
  const advice = meant === undefined ? '' : `; did you mean ${meant}?`;
  return new Problem('not-found', `There is no such route${advice || ';'} /swagger lists those there are`);
}

/** Every path that is served, parameters as `{name}`. */
function everyPath(routes: readonly Route[], hubs: HubHandlers): string[] {
  return [
    ...routes.flatMap(({ path, aliases = [] }) => [path, ...aliases]),
    ...hubs.names.flatMap((name) => [`/hubs/${name}`, `/hubs/${name}/negotiate`]),
    '/docs',
    '/swagger',
    '/swagger/json',
  ];
}

/** Routes by the path as Elysia writes it: `{name}` becomes `:name`. */
function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const served = routes.flatMap((route) => [route.path, ...(route.aliases ?? [])].map((path) => ({ path, route })));
  const groups = Map.groupBy(served, ({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1'));
  return new Map([...groups].map(([path, group]) => [path, group.map(({ route }) => route)]));
}

/** HEAD is a route of its own: the one that Elysia makes of GET reads the body to count its bytes. */
function methodsOf({ method }: Route): string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** OPTIONS lists the methods (RFC 9110, section 9.3.7); any other method is refused. */
function otherMethod(request: Request, methods: readonly string[]): Response | Promise<Response> {
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
  const detail = `${request.method} is not possible here; allowed: ${allow}`;
  return problemResponse(new Problem('method-not-allowed', detail, { headers: { allow } }), request);
}
