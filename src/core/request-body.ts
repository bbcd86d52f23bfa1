import { Problem } from './problems.ts';
import { InvalidInputError } from './runtime/parse-input.ts';

/**
 * The body of a request, as far as it is not too large; empty where there is none.
 *
 * @throws Problem `body-too-large` as soon as that is known; InvalidInputError when the client goes away while it sends
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
    // A client that goes away while it sends is no failure of ours.
    throw error instanceof Problem ? error : new InvalidInputError({ body: ['did not arrive whole'] });
  }
  return Buffer.concat(chunks);
}
