import { afterAll, describe, expect, test } from 'bun:test';
import { createServer, type Socket } from 'node:net';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createOutletFetch, LONGEST_BODY_BYTES } from '../../../src/core/outlets/outlet-fetch.ts';
import { openOutletMemory, volatileOutletStore } from '../../../src/core/outlets/outlet-memory.ts';
import { createRequestLedger } from '../../../src/core/outlets/request-ledger.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { until } from '../../support/until.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

/** A target that answers each request with these bytes and then does nothing more. */
async function target(...pieces: readonly string[]): Promise<{ readonly url: string; readonly requests: string[] }> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (data) => {
      requests.push(data.toString());
      if (pieces.at(-1) === CUT) {
        socket.end(pieces.slice(0, -1).join(''), () => socket.destroy());
      } else for (const piece of pieces) socket.write(piece);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The target has no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

const CUT = 'cut';
const OK = 'HTTP/1.1 200 OK\r\n';

function fetchWithin(requestWithinMs: number, signal: AbortSignal = new AbortController().signal) {
  const budget = { rate: { requests: 100, withinMs: 1_000 }, perMonth: null, requestWithinMs };
  const memory = openOutletMemory(volatileOutletStore(), 'rows');
  const calendar = createCalendar('America/Sao_Paulo');
  const ledger = createRequestLedger({ budget, memory, clock: systemClock, calendar });
  return { ledger, fetch: createOutletFetch({ ledger, requestWithinMs, signal, clock: systemClock }) };
}

const LONG_MS = 20_000;

describe('an answer', () => {
  test('has been read when it comes, whatever its status', async () => {
    const { url, requests } = await target(
      'HTTP/1.1 429 Slow Down\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\n',
      'no',
    );
    const { fetch, ledger } = fetchWithin(LONG_MS);
    const answer = await fetch(`${url}/tables`, { method: 'POST', body: '{"a":1}' });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.text()).toBe('no');
    expect(requests[0]).toStartWith('POST /tables ');
    expect(ledger.thisHour).toBe(1);
  });

  test('without a body has none', async () => {
    const { url } = await target('HTTP/1.1 204 No Content\r\n\r\n');
    const answer = await fetchWithin(LONG_MS).fetch(url);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  test('that is compressed is read as what it stands for', async () => {
    const text = JSON.stringify({ list: Array.from({ length: 1_000 }, () => 'value') });
    const server = Bun.serve({
      port: 0,
      fetch: () => new Response(Bun.gzipSync(Buffer.from(text)), { headers: { 'content-encoding': 'gzip' } }),
    });
    closing.push(() => server.stop(true));
    const answer = await fetchWithin(LONG_MS).fetch(`http://127.0.0.1:${server.port}`);
    expect(await answer.text()).toBe(text);
    expect(answer.headers.get('content-encoding')).toBeNull();
  });

  test('that redirects is not followed', async () => {
    const elsewhere = await target(`${OK}content-length: 0\r\n\r\n`);
    const { url } = await target(`HTTP/1.1 307 Moved\r\nlocation: ${elsewhere.url}\r\ncontent-length: 0\r\n\r\n`);
    const answer = await fetchWithin(LONG_MS).fetch(url, { redirect: 'follow' });
    expect(answer.status).toBe(307);
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('a request fails, to be tried again', () => {
  test.each([
    ['nothing comes', []],
    ['the headers do not end', ['HTTP/1.1 200 OK\r\nx: y\r\n']],
    ['the body does not end', [`${OK}content-length: 10\r\n\r\n`, 'half']],
    ['the body has no length and does not end', [`${OK}transfer-encoding: chunked\r\n\r\n`, '4\r\nhalf\r\n']],
  ])('when its deadline is over: %s', async (_, pieces) => {
    const { url } = await target(...pieces);
    const host = new URL(url).host;
    expect(
      await fetchWithin(200)
        .fetch(url)
        .catch((error: unknown) => error),
    ).toMatchObject({
      name: 'RetryLaterError',
      message: `${host} did not answer within 0.2 s`,
    });
  });

  test.each([
    ['cut off in the headers', ['HTTP/1.1 200', CUT]],
    ['cut off in the body', [`${OK}content-length: 10\r\n\r\n`, 'half', CUT]],
    ['garbage', ['\0\x01\x02 this is not HTTP\r\n\r\n', CUT]],
  ])('when the answer is %s', async (_, pieces) => {
    const { url } = await target(...pieces);
    const error = await fetchWithin(LONG_MS)
      .fetch(`${url}/secret`)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RetryLaterError' });
    expect(String(error)).toContain('cannot be reached');
    expect(String(error)).not.toContain('secret');
  });

  test('when nothing listens there', async () => {
    const error = await fetchWithin(LONG_MS)
      .fetch('http://127.0.0.1:1/')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'RetryLaterError',
      message: '127.0.0.1:1 cannot be reached (ECONNREFUSED)',
    });
  });

  test('when the body is too long', async () => {
    const server = Bun.serve({ port: 0, fetch: () => new Response('x'.repeat(LONGEST_BODY_BYTES + 1)) });
    closing.push(() => server.stop(true));
    await expect(fetchWithin(LONG_MS).fetch(`http://127.0.0.1:${server.port}`)).rejects.toThrow('5000000 bytes');
  });

  test('when the pass is cancelled', async () => {
    const { url, requests } = await target(`${OK}content-length: 10\r\n\r\n`, 'half');
    const pass = new AbortController();
    const answer = fetchWithin(LONG_MS, pass.signal)
      .fetch(url)
      .catch((thrown: unknown) => thrown);
    await until(() => requests.length > 0);
    pass.abort();
    expect(await answer).toMatchObject({ name: 'RetryLaterError', message: 'the pass was cancelled' });
  });
});
