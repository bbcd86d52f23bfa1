import { Problem } from '../problems.ts';
import { type AssetFile, type AssetSource, contentTypeOf } from './assets.ts';
import { VARY } from './content-coding.ts';
import type { Page } from './documentation.ts';
import { livePagePolicy, PAGE_HEADERS } from './page-headers.ts';
import { prefersHtml } from './prefers-html.ts';
import { StoredBody, StoredHeaders, storedResponse } from './stored-response.ts';

/** Asset names contain a hash of the content, so the content of an address never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const VARY_BY_TYPE = `Accept, ${VARY}`;

type Answer = Page['answer'];

/**
 * `/`, which is the live page for people and an index of routes for programs, and `/assets/*`, the files of the page.
 *
 * They need no token: the files contain no figures.
 *
 * @param index the answer of `/` to a client that does not ask for HTML
 */
export function livePage(assets: AssetSource, index: string): Page[] {
  const indexAnswer = storedAnswer(
    { path: '/index.json', bytes: new TextEncoder().encode(index) },
    'no-cache',
    VARY_BY_TYPE,
  );
  let opened: { readonly files: readonly AssetFile[]; readonly answers: ReadonlyMap<string, Answer> } | undefined;
  const answers = async () => {
    const files = await assets.files();
    if (opened?.files !== files) opened = { files, answers: new Map(files.map((file) => [file.path, answerOf(file)])) };
    return opened.answers;
  };
  return [
    {
      path: '/',
      async answer(request) {
        if (!prefersHtml(request.headers.get('accept'))) return indexAnswer(request);
        const html = await answers().then(
          (all) => all.get('/index.html'),
          () => undefined,
        );
        const response = html === undefined ? unbuilt() : await html(request);
        response.headers.set('content-security-policy', livePagePolicy(new URL(request.url).host));
        return response;
      },
    },
    {
      path: '/assets/*',
      async answer(request) {
        const found = await answers().then(
          (all) => all.get(new URL(request.url).pathname),
          () => undefined,
        );
        if (found === undefined)
          throw new Problem('not-found', 'The page has no such file; / has the page as it is now');
        return found(request);
      },
    },
  ];
}

function answerOf(file: AssetFile): Answer {
  return file.path === '/index.html'
    ? storedAnswer(file, 'no-cache', VARY_BY_TYPE)
    : storedAnswer(file, FOR_EVER, VARY);
}

function storedAnswer(file: AssetFile, cacheControl: string, vary: string): Answer {
  const etag = `W/"${Bun.hash(file.bytes).toString(16)}"`;
  const headers = new StoredHeaders(contentTypeOf(file.path), {
    ...PAGE_HEADERS,
    'cache-control': cacheControl,
    etag,
    vary,
  });
  const body = new StoredBody(new Blob([file.bytes]), file.compressed);
  return (request) => storedResponse(request, body, etag, headers);
}

/** Shown if the page could not be built. */
const UNBUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Greg BI: the page is not built</title>
<h1>The live page could not be built</h1>
<p>The log of the server says why. Install the packages (<code>npm install</code>), build it (<code>npm run assets</code>)
and start the server again. Everything else works:</p>
<ul>
<li><a href="/swagger">/swagger</a>: every route, to read and to call</li>
<li><a href="/api/about">/api/about</a>: the features and their figures</li>
<li><a href="/ws/status">/ws/status</a>: how the server is doing</li>
</ul>
</html>
`;

function unbuilt(): Response {
  const headers = {
    ...PAGE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    vary: VARY_BY_TYPE,
  };
  return new Response(UNBUILT, { status: 503, headers });
}
