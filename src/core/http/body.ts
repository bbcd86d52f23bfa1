import { Problem } from '../problems.ts';
import { InvalidInputError } from '../runtime/parse-input.ts';

/** No route of ours needs more. */
const LARGEST_BODY_BYTES = 64 * 1024;

/**
 * Checks the body of a request: none, or JSON of a bounded size.
 *
 * @throws Problem `unsupported-media-type`, `body-too-large`; InvalidInputError for a body that is not JSON
 */
export async function checkBody(request: Request): Promise<void> {
  if (request.body === null) return;
  if (Number(request.headers.get('content-length')) > LARGEST_BODY_BYTES) throw tooLarge();
  const text = await readBounded(request.body);
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

async function readBounded(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > LARGEST_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // A client that goes away while it sends is no failure of ours.
    throw error instanceof Problem ? error : new InvalidInputError({ body: ['did not arrive whole'] });
  }
  return Buffer.concat(chunks).toString();
}

function tooLarge(): Problem {
  return new Problem('body-too-large', `The body may have at most ${LARGEST_BODY_BYTES} bytes`);
}
