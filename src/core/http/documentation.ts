import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import type { Assets } from './assets.ts';
import type { JsonObject } from './json.ts';
import { StoredBody } from './stored-body.ts';
import { StoredHeaders, storedResponse } from './stored-response.ts';

/** A page for people: what it answers to a request. */
export interface Page {
  readonly path: string;
  answer(request: Request): Response | Promise<Response>;
}

/** Everything off that would leave this machine, or lead away from it. */
const SCALAR_CONFIG = {
  spec: { url: '/swagger/json' },
  customCss: '',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  // Several routes answer the same, and would have the same title.
  operationTitleSource: 'path',
} as const;

/** The pages of the documentation: `/swagger`, what it loads, and the ways that lead there. */
export function documentationPages(openApi: JsonObject, { documentationScript }: Assets): Page[] {
  // The plugin makes its pages anew for each request, and they never change: each is asked for once.
  const plugin = new Elysia().use(
    swagger({
      path: '/swagger',
      // It derives a document of its own from Elysia's routes; ours is made from the same list as the routes.
      documentation: openApi,
      exclude: [/.*/],
      scalarCDN: '/swagger/scalar.js',
      scalarConfig: SCALAR_CONFIG,
    }),
  );
  const made = (path: string, contentType: string) =>
    storedPage(path, contentType, 'no-cache', async () =>
      (await plugin.handle(new Request(`http://localhost${path}`))).blob(),
    );
  return [
    { path: '/docs', answer: () => Response.redirect('/swagger', 302) },
    made('/swagger', 'text/html; charset=utf-8'),
    made('/swagger/json', 'application/json; charset=utf-8'),
    // The file itself: as it is, it is never held in memory.
    storedPage('/swagger/scalar.js', 'text/javascript; charset=utf-8', 'public, max-age=86400', async () =>
      Bun.file(documentationScript),
    ),
  ];
}

/** A page whose content is loaded once, when the first client asks for it. */
function storedPage(path: string, contentType: string, cacheControl: string, load: () => Promise<Blob>): Page {
  let opened: Promise<Page['answer']> | undefined;
  const open = async (): Promise<Page['answer']> => {
    const content = await load();
    const etag = `W/"${Bun.hash(await content.bytes()).toString(16)}"`;
    const headers = new StoredHeaders(contentType, { 'cache-control': cacheControl, etag });
    const body = new StoredBody(content);
    return (request) => storedResponse(request, body, etag, headers);
  };
  const forget = (error: unknown) => {
    opened = undefined;
    throw error;
  };
  return {
    path,
    async answer(request) {
      opened ??= open().catch(forget);
      const answer = await opened;
      return answer(request);
    },
  };
}
