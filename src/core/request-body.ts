import { Problem } from './problems.ts';
import { InvalidInputError } from './runtime/parse-input.ts';

/**
 * Reads the body of a request; empty if there is none.
 *
 * @throws Problem `body-too-large` as soon as the limit is exceeded; InvalidInputError if the client disconnects meanwhile
 */
export async function readBody(request: Request, mostBytes: number): Promise<Buffer> {
  const tooLarge = () => new Problem('body-too-large', `The body may have at most ${mostBytes} bytes`);
  if (Number(request.headers.get('content-length')) > mostBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    // A client that disconnects while sending is not a failure of the server.
    throw error instanceof Problem ? error : new InvalidInputError({ body: ['did not arrive whole'] });
  }
  return Buffer.concat(chunks);
}
