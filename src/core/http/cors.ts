import { cors } from '@elysiajs/cors';
import { Elysia } from 'elysia';
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
const PREFLIGHT_VALID_SECONDS = 600;

/**
 * Lets pages of allowed origins call and read every route, and answers their preflight requests (Fetch standard,
 * section 3.3).
 */
export function headersForPages(origins: readonly string[]) {
  return new Elysia({ name: 'headers-for-pages' })
    .use(
      cors({
        origin: (request) => originAllowed(request, origins),
        credentials: true,
        allowedHeaders: ALLOWED_HEADERS,
        exposeHeaders: [
          ...['ETag', 'Age', 'Retry-After', 'Oldest-Notification', 'Content-Disposition'],
          ...['Snapshot-Seq', 'Snapshot-At', 'Row-Count'],
        ],
        methods: ['GET', 'POST', 'DELETE', 'HEAD', 'OPTIONS'],
        // It would answer OPTIONS for clients without an origin too, which ask what a route allows.
        preflight: false,
      }),
    )
    .onRequest(({ request, set }) => {
      if (!request.headers.has('origin')) {
        // Elysia copies each response that it adds headers to, and only pages need these.
        set.headers = {};
        return;
      }
      if (!('access-control-allow-origin' in set.headers)) set.headers = {};
      set.headers.vary = VARY;
      if (request.method !== 'OPTIONS') return;
      set.headers['access-control-max-age'] = String(PREFLIGHT_VALID_SECONDS);
      return new Response(null, { status: 204 });
    });
}
