import { Problem } from '../problems.ts';
import { readBody } from '../request-body.ts';
import { InvalidInputError } from '../runtime/parse-input.ts';

/** No route needs more. */
const LARGEST_BODY_BYTES = 64 * 1024;

/**
 * Checks that a request has no body, or JSON of at most 64 KiB.
 *
 * @throws Problem `unsupported-media-type`, `body-too-large`; InvalidInputError if the body is not JSON
 */
export async function checkBody(request: Request): Promise<void> {
  const text = (await readBody(request, LARGEST_BODY_BYTES)).toString();
  if (text === '') return;
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem('unsupported-media-type', 'Send no body, or one of type application/json', {
      headers: { accept: 'application/json' },
    });
  }
  try {
    JSON.parse(text);
  } catch {
    throw new InvalidInputError({ body: ['is not JSON'] });
  }
}
