import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A refusal of Redis, by the word that it begins with: `NOAUTH`, `WRONGPASS`, `NOPERM`, `LOADING`. */
export class RedisRefusal extends Error {
  override readonly name = 'RedisRefusal';

  constructor(readonly code: string) {
    super(`Redis refused with ${code}`);
  }
}

/** No answer to what is asked here is longer. */
const LONGEST_ANSWER = 4_096;

/**
 * Asks a Redis for its time, after logging in where the address has a password. In its own protocol (redis.io,
 * "Redis serialization protocol specification"), since the errors of a client say only that the connection was closed.
 *
 * @returns seconds and microseconds since 1970
 * @throws RedisRefusal, or the error of the socket or of TLS, by its code; ETIMEDOUT when there is no answer in time
 */
export async function askRedisTime(url: URL, withinMs: number): Promise<readonly [number, number]> {
  const commands = [...login(url), ['TIME']];
  const text = await exchange(url, commands, withinMs);
  // One line for each answer before, then an array of two texts: their lengths, and what they are.
  const [, , seconds, , microseconds] = text.split('\r\n').slice(commands.length - 1);
  return [Number(seconds), Number(microseconds)];
}

function login({ username, password }: URL): string[][] {
  if (password === '') return [];
  const user = username === '' ? [] : [decodeURIComponent(username)];
  return [['AUTH', ...user, decodeURIComponent(password)]];
}

/** Sends every command, and reads until the two texts of the last one's answer are there. */
function exchange(url: URL, commands: readonly string[][], withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open(url);
    const end = (act: () => void) => {
      clearTimeout(patience);
      socket.destroy();
      act();
    };
    const fail = (error: Error) => end(() => reject(error));
    const patience = setTimeout(() => fail(coded('ETIMEDOUT')), withinMs);
    let text = '';
    socket.on('error', fail);
    socket.on('close', () => fail(coded('ECONNRESET')));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const [, refusal] = /(?:^|\r\n)-([A-Z]+)/.exec(text) ?? [];
      if (refusal !== undefined) fail(new RedisRefusal(refusal));
      else if (/(?:^|\r\n)\*2\r\n\$\d+\r\n\d+\r\n\$\d+\r\n\d+\r\n$/.test(text)) end(() => resolve(text));
      else if (!/^[+*$]/.test(text) || text.length > LONGEST_ANSWER) fail(coded('EPROTO'));
    });
    socket.write(commands.map(encoded).join(''));
  });
}

function open({ protocol, hostname, port }: URL): Socket {
  // An IPv6 address is in brackets in a URL alone.
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  if (protocol !== 'rediss:') return connect(place);
  // An address is no name of a server (RFC 6066, section 3).
  return connectTls(isIP(place.host) === 0 ? { ...place, servername: place.host } : place);
}

function encoded(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
