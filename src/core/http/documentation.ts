import { swagger } from '@elysiajs/swagger';
import { Elysia } from 'elysia';
import type { JsonObject } from '../runtime/json.ts';
import type { Assets } from './assets.ts';
import { documentationPolicy, PAGE_HEADERS } from './page-headers.ts';
import { StoredBody, StoredHeaders, storedResponse } from './stored-response.ts';

/** A page for people. */
export interface Page {
  readonly path: string;
  answer(request: Request): Response | Promise<Response>;
}

/** Everything that calls or links to other servers is off. */
const SCALAR_CONFIG = {
  spec: { url: '/swagger/json' },
  customCss: '',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  // Aliases have the same summary, so titles would repeat.
  operationTitleSource: 'path',
} as const;

/** `/swagger`, the files it loads, and the redirects to it. */
export function documentationPages(openApi: JsonObject, { documentationScript }: Assets): Page[] {
  // The plugin renders its pages for each request, and they never change: each is rendered once.
  const plugin = new Elysia().use(
    swagger({
      path: '/swagger',
      // Not the document that the plugin derives from Elysia's routes: these have no schemas.
      documentation: openApi,
      exclude: [/.*/],
      scalarCDN: '/swagger/scalar.js',
      scalarConfig: SCALAR_CONFIG,
    }),
  );
  const rendered = (path: string, contentType: string) =>
    storedPage(path, contentType, 'no-cache', async () =>
      (await plugin.handle(new Request(`http://localhost${path}`))).blob(),
    );
  return [
    { path: '/docs', answer: () => Response.redirect('/swagger', 302) },
    rendered('/swagger', 'text/html; charset=utf-8'),
    rendered('/swagger/json', 'application/json; charset=utf-8'),
    // Uncompressed, the file is sent from the disk.
    storedPage('/swagger/scalar.js', 'text/javascript; charset=utf-8', 'public, max-age=86400', async () =>
      Bun.file(documentationScript),
    ),
  ];
}

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>(.*?)<\/script>/gs;

function headersOfHtml(html: string) {
  const inlineScripts = [...html.matchAll(INLINE_SCRIPT)].map(([, text = '']) => text);
  return { ...PAGE_HEADERS, 'content-security-policy': documentationPolicy(inlineScripts) };
}

/** A page whose content is loaded on the first request and kept. */
function storedPage(path: string, contentType: string, cacheControl: string, load: () => Promise<Blob>): Page {
  let opened: Promise<Page['answer']> | undefined;
  const open = async (): Promise<Page['answer']> => {
    const content = await load();
    const etag = `W/"${Bun.hash(await content.bytes()).toString(16)}"`;
    const headers = new StoredHeaders(contentType, {
      ...(contentType.startsWith('text/html') ? headersOfHtml(await content.text()) : {}),
      'cache-control': cacheControl,
      etag,
    });
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
