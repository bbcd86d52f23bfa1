import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { checkRedis } from '../../src/cli/doctor/redis.ts';
import { acceptLocally } from '../support/accept-locally.ts';
import { runProgram } from './run-program.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** What a Redis answers: to a login, and to the question for its time. */
interface Answers {
  readonly auth?: string;
  readonly time?: string;
}

const NOW = () => {
  const [seconds, microseconds] = [String(Math.floor(Date.now() / 1000)), '0'];
  return `*2\r\n$${seconds.length}\r\n${seconds}\r\n$1\r\n${microseconds}\r\n`;
};

async function serve({ auth = '+OK\r\n', time }: Answers = {}, isEncrypted = false): Promise<number> {
  return listen((socket) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (!text.endsWith('TIME\r\n')) return;
      if (text.includes('AUTH')) socket.write(auth);
      socket.write(time ?? NOW());
      text = '';
    });
  }, isEncrypted);
}

async function listen(take: (socket: Socket) => void, isEncrypted = false): Promise<number> {
  const acceptor = await acceptLocally(take, { isEncrypted });
  closing.push(() => acceptor[Symbol.asyncDispose]());
  return acceptor.port;
}

const first = async (address: string) => (await checkRedis(address, 500))[0];

describe('a Redis', () => {
  test('that answers has a clock, too', async () => {
    const findings = await checkRedis(`redis://127.0.0.1:${await serve()}`);
    expect(findings.map(({ what, verdict }) => `${what}: ${verdict}`)).toEqual(['Redis: ok', 'Redis clock: ok']);
  });

  test('whose clock is behind', async () => {
    const port = await serve({ time: '*2\r\n$10\r\n1700000000\r\n$1\r\n5\r\n' });
    expect((await checkRedis(`redis://127.0.0.1:${port}`))[1]).toMatchObject({
      ...{ verdict: 'warning', found: expect.stringContaining('behind') },
    });
  });

  test.each([
    ['requires a password', '-NOAUTH Authentication required.\r\n', /requires a password/, /redis:\/\/:password@/],
    ['is loading', '-LOADING Redis is loading the dataset in memory\r\n', /still loading/, /again in a minute/],
    ['is in protected mode', '-DENIED Redis is running in protected mode\r\n', /protected mode/, /requirepass/],
    ['does not let the user ask', '-NOPERM this user has no permissions\r\n', /may not ask/, /ACL SETUSER/],
  ])('that %s', async (_, time, found, next) => {
    const finding = await first(`redis://127.0.0.1:${await serve({ time })}`);
    expect(finding?.verdict).toBe('broken');
    expect(finding?.found).toMatch(found);
    expect(finding?.next).toMatch(next);
  });

  test('whose password is wrong, and then right', async () => {
    const wrong = await serve({ auth: '-WRONGPASS invalid username-password pair\r\n' });
    const finding = await first(`redis://:a-Secret@127.0.0.1:${wrong}`);
    expect(finding).toMatchObject({ verdict: 'broken', found: 'the user or the password is wrong' });
    expect(JSON.stringify(finding)).not.toContain('a-Secret');
    expect(await first(`redis://user:right%40@127.0.0.1:${await serve()}`)).toMatchObject({ verdict: 'ok' });
  });

  test('without a password, where one is given', async () => {
    const port = await serve({ auth: '-ERR Client sent AUTH, but no password is set\r\n' });
    expect(await first(`redis://:x@127.0.0.1:${port}`)).toMatchObject({
      next: 'remove the password from REDIS_URL',
    });
    expect(await first(`redis://127.0.0.1:${port}`)).toMatchObject({ verdict: 'ok' });
  });

  test('that is not there, silent, or something else', async () => {
    expect(await first('redis://127.0.0.1:1')).toMatchObject({ found: expect.stringContaining('nothing listens') });
    expect(await first('redis://no-such-host.invalid')).toMatchObject({
      found: expect.stringMatching(/cannot be resolved|no name server/),
    });
    const silent = await listen(() => {});
    expect(await first(`redis://127.0.0.1:${silent}`)).toMatchObject({ next: expect.stringContaining('firewall') });
    const http = await listen((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await first(`redis://127.0.0.1:${http}`)).toMatchObject({ found: expect.stringContaining('not Redis') });
    const closed = await listen((socket) => socket.end());
    expect(await first(`redis://127.0.0.1:${closed}`)).toMatchObject({ found: 'it closes the connection' });
    expect(await first('not an address')).toMatchObject({
      verdict: 'broken',
      next: expect.stringContaining('redis://'),
    });
  });

  test('that demands TLS, whose certificate is not known, and is once it is named', async () => {
    const port = await serve({}, true);
    expect(await first(`redis://127.0.0.1:${port}`)).toMatchObject({ next: expect.stringContaining('rediss://') });
    const REDIS_URL = `rediss://127.0.0.1:${port}`;
    expect(await first(REDIS_URL)).toMatchObject({ next: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
    const NODE_EXTRA_CA_CERTS = join(import.meta.dir, '../support/tds/test-certificate.pem');
    const { output } = await runProgram('doctor', { REDIS_URL, NODE_EXTRA_CA_CERTS });
    expect(output).toMatch(/^Redis +ok +answers$/m);
  }, 120_000);

  test('without TLS, where it is asked for', async () => {
    const finding = await first(`rediss://127.0.0.1:${await serve()}`);
    expect(finding?.verdict).toBe('broken');
    expect(finding?.next).toContain('redis://');
  });
});
