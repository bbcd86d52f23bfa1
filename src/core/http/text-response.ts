import { type Coding, codingFor, compress, VARY } from './content-coding.ts';

/** While so many responses are being compressed, others are sent uncompressed: no queue builds up. */
const MOST_AT_ONCE = 128;
let compressing = 0;

/** A response for one request, never cached. Compressed if it is large enough and the client accepts that. */
export function textResponse(
  request: Request,
  text: string,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response | Promise<Response> {
  const init = { status, headers: { 'cache-control': 'no-store', vary: VARY, ...headers } };
  const accepted = request.headers.get('accept-encoding');
  const coding = accepted === null ? undefined : codingFor(accepted, Buffer.byteLength(text));
  if (coding === undefined || compressing >= MOST_AT_ONCE) return new Response(text, init);
  return compressed(text, coding, init);
}

async function compressed(
  text: string,
  coding: Coding,
  { status, headers }: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Promise<Response> {
  compressing++;
  try {
    const body = await compress(Buffer.from(text), coding);
    return new Response(body, { status, headers: { ...headers, 'content-encoding': coding } });
  } finally {
    compressing--;
  }
}

/** A JSON response that is never cached. */
export function json(request: Request, body: unknown, status = 200): Response | Promise<Response> {
  return jsonText(request, JSON.stringify(body), status);
}

/** The same for a body that is JSON text already. */
export function jsonText(request: Request, body: string, status = 200): Response | Promise<Response> {
  return textResponse(request, body, status, { 'content-type': 'application/json; charset=utf-8' });
}
