import { Problem } from '../../problems.ts';

/**
 * The body of a request, as far as it is not too large.
 *
 * @throws Problem `body-too-large` as soon as that is known
 */
export async function readBody(request: Request, mostBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new Problem('body-too-large', `The body may have at most ${mostBytes} bytes`);
  if (Number(request.headers.get('content-length')) > mostBytes) throw tooLarge();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of request.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
