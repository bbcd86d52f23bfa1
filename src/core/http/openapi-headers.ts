/** Response headers, as described in the OpenAPI document. */
export const HEADERS = {
  ETag: {
    description: 'Changes with the content, its status, and its unavailable figures',
    schema: { type: 'string' },
    example: 'W/"fd78eea3ab42240d-live"',
  },
  Age: { description: 'Seconds since the figures were computed', schema: { type: 'integer', minimum: 0 }, example: 12 },
  Allow: {
    description: 'The allowed methods',
    schema: { type: 'string' },
    example: 'GET, HEAD, OPTIONS',
  },
  'Retry-After': {
    description: 'Seconds after which the same request may succeed; absent where repeating it changes nothing',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  Location: {
    description: 'Where to read what became of it',
    schema: { type: 'string' },
    example: '/api/rows/jobs/0b0f6b1c-6a8e-4f5a-9f43-7d4c1b6f2a10',
  },
  'Oldest-Notification': {
    description: 'The id of the oldest notification that is kept; earlier ones are deleted',
    schema: { type: 'integer', minimum: 0 },
    example: 1774958400000,
  },
  'WWW-Authenticate': { description: 'How to authenticate', schema: { type: 'string' }, example: 'Bearer' },
} as const;

export type HeaderName = keyof typeof HEADERS;
