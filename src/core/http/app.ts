import { cors } from '@elysiajs/cors';
import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import type { Access } from '../access/access.ts';
import { originAllowed } from '../access/origins.ts';
import { Problem } from '../problems.ts';
import { InvalidInputError } from '../runtime/parse-input.ts';
import { checkBody } from './body.ts';
import type { JsonObject } from './json.ts';
import { problemOf, problemResponse } from './problem-response.ts';
import type { Call, Route } from './route.ts';

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
  /** Makes a hub connection of a request; the answer where it did not become one. */
  readonly hub: (hub: string, request: Request) => Promise<Response | undefined>;
  /** Told of errors that nobody foresaw. */
  readonly onError: (error: unknown) => void;
}

/** The HTTP side of the server. It listens to nothing by itself: give its `fetch` to `Bun.serve`. */
export function createApp({ routes, access, origins, openApi, hub, onError }: AppOptions) {
  const refuse = (error: unknown, request: Request): Response => {
    const problem = problemOf(error);
    if (problem !== undefined) return problemResponse(problem, request);
    onError(error);
    return problemResponse(new Problem('internal', 'Something went wrong here; it has been logged'), request);
  };

  const guarded =
    (route: Route) =>
    async (call: Call): Promise<Response> => {
      try {
        if (access.on && route.open !== true) await access.identify(call.request, false);
        if (route.method === 'POST') await checkBody(call.request);
        return await route.handle(call);
      } catch (error) {
        return refuse(error, call.request);
      }
    };

  const app = new Elysia({ name: 'greg-bi' })
    .onError(({ error, code, request }) => {
      if (code === 'NOT_FOUND') {
        const problem = new Problem('not-found', 'There is no such route; /swagger lists those there are');
        return problemResponse(problem, request);
      }
      return refuse(code === 'PARSE' ? new InvalidInputError({ body: ['cannot be read'] }) : error, request);
    })
    .use(
      cors({
        origin: (request) => request.headers.has('origin') && originAllowed(request, origins),
        credentials: true,
        allowedHeaders: ALLOWED_HEADERS,
        exposeHeaders: ['ETag', 'Age', 'Retry-After'],
        methods: ['GET', 'POST', 'HEAD', 'OPTIONS'],
        maxAge: 600,
      }),
    )
    .use(
      swagger({
        path: '/swagger',
        // The plugin derives a document of its own from Elysia's routes; ours is made from the same list as the routes.
        documentation: openApi,
        exclude: [/.*/],
        scalarCDN: '/swagger/scalar.js',
        scalarConfig: { withDefaultFonts: false, spec: { url: '/swagger/json' }, customCss: '' },
      }),
    )
    .get('/swagger/scalar.js', () => new Response(Bun.file(SCALAR_PATH), { headers: SCALAR_HEADERS }))
    .get('/docs', () => Response.redirect('/swagger', 302))
    .get('/', () => Response.redirect('/swagger', 302))
    .get('/hubs/:hub', async ({ request, params: { hub: name } }) => {
      try {
        return await hub(name, request);
      } catch (error) {
        return refuse(error, request);
      }
    });

  for (const [path, group] of byPath(routes)) {
    for (const route of group) {
      const handle = guarded(route);
      const answer = ({ request, params }: Call) => handle({ request, params });
      app.route(route.method, path, answer);
      if (route.method === 'GET') app.route('HEAD', path, answer);
    }
    app.all(path, ({ request }) => methodNotAllowed(request, group));
  }
  return app;
}

/** The page's script, served by us, so that the page works with no internet. */
const SCALAR_PATH = Bun.fileURLToPath(new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference')));
const SCALAR_HEADERS = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=86400' };

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

function methodNotAllowed(request: Request, routes: readonly Route[]): Response {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const allow = [...methods, 'OPTIONS'].join(', ');
  const detail = `${request.method} is not possible here; allowed: ${allow}`;
  return problemResponse(new Problem('method-not-allowed', detail, { headers: { allow } }), request);
}
