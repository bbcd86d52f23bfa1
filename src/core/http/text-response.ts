import { type Coding, codingFor, compress, VARY } from './content-coding.ts';

/** Beyond so many at once, answers leave as they are: compressing must not queue up behind itself. */
const MOST_AT_ONCE = 128;
let underWay = 0;

/** An answer that is made for one request and never cached; compressed where that is worth it and the client accepts it. */
export function textResponse(
  request: Request,
  text: string,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response | Promise<Response> {
  const init = { status, headers: { 'cache-control': 'no-store', vary: VARY, ...headers } };
  const accepted = request.headers.get('accept-encoding');
  const coding = accepted === null ? undefined : codingFor(accepted, Buffer.byteLength(text));
  if (coding === undefined || underWay >= MOST_AT_ONCE) return new Response(text, init);
  return compressed(text, coding, init);
}

async function compressed(
  text: string,
  coding: Coding,
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Promise<Response> {
  underWay++;
  try {
    const body = await compress(Buffer.from(text), coding);
    return new Response(body, { status, headers: { ...headers, 'content-encoding': coding } });
  } finally {
    underWay--;
  }
}

/** A JSON answer that is never cached. */
export function json(request: Request, body: unknown, status = 200): Response | Promise<Response> {
  return jsonText(request, JSON.stringify(body), status);
}

/** The same of a body that is JSON already. */
export function jsonText(request: Request, body: string, status = 200): Response | Promise<Response> {
  return textResponse(request, body, status, { 'content-type': 'application/json; charset=utf-8' });
}
