import { describe, expect, test } from 'bun:test';
import { Problem } from '../../src/core/problems.ts';
import { readBody } from '../../src/core/request-body.ts';
import { InvalidInputError } from '../../src/core/runtime/parse-input.ts';

const URL = 'http://localhost/api/claims/sync-rows';
const MOST = 8;

/** A request whose body comes in pieces, and then ends or breaks off. */
function sending(pieces: readonly string[], end: 'whole' | 'broken' = 'whole'): Request {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Buffer.from(piece));
      if (end === 'whole') controller.close();
      else controller.error(new Error('the connection was closed'));
    },
  });
  return new Request(URL, { method: 'POST', body });
}

describe('the body of a request', () => {
  test('is what was sent, in however many pieces, up to the bound', async () => {
    expect((await readBody(sending(['abc', '', 'defgh']), MOST)).toString()).toBe('abcdefgh');
  });

  test('is empty where there is none', async () => {
    expect(await readBody(new Request(URL, { method: 'POST' }), MOST)).toHaveLength(0);
  });

  test('is refused once it is too large', async () => {
    const refused = readBody(sending(['abcde', 'fghi']), MOST);
    await expect(refused).rejects.toEqual(new Problem('body-too-large', 'The body may have at most 8 bytes'));
  });

  test('is refused by its announced length, before any of it is read', async () => {
    const request = new Request(URL, { method: 'POST', body: 'abcdefghi', headers: { 'content-length': '9' } });
    await expect(readBody(request, MOST)).rejects.toBeInstanceOf(Problem);
    expect(request.bodyUsed).toBe(false);
  });

  test('that does not arrive whole is bad input, not an error of ours', async () => {
    await expect(readBody(sending(['abc'], 'broken'), MOST)).rejects.toBeInstanceOf(InvalidInputError);
  });
});
