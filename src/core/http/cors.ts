import { originAllowed } from '../access/origins.ts';
import { VARY } from './content-coding.ts';

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

const FOR_ALLOWED_ORIGINS = {
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': ALLOWED_HEADERS.join(', '),
  'access-control-allow-methods': 'GET, POST, DELETE, HEAD, OPTIONS',
  'access-control-expose-headers': 'ETag, Age, Retry-After, Oldest-Notification',
};
const PREFLIGHT_VALID_SECONDS = 600;

/** The part of Elysia's context that the hook uses. */
interface Context {
  readonly request: Request;
  readonly set: { readonly headers: Record<string, string | number> };
}

/**
 * A hook for `onRequest` that lets pages of allowed origins call and read every route (Fetch standard, section 3.3), and
 * answers their preflight requests.
 *
 * Not @elysiajs/cors: it sets headers on every response, also for requests without an origin, and Elysia then copies each
 * response to add them.
 */
export function headersForPages(origins: readonly string[]) {
  return ({ request, set }: Context): Response | undefined => {
    const origin = request.headers.get('origin');
    if (origin === null) return;
    set.headers.vary = VARY;
    if (originAllowed(request, origins)) {
      Object.assign(set.headers, FOR_ALLOWED_ORIGINS, { 'access-control-allow-origin': origin });
    }
    if (request.method !== 'OPTIONS') return;
    set.headers['access-control-max-age'] = PREFLIGHT_VALID_SECONDS;
    return new Response(null, { status: 204 });
  };
}
