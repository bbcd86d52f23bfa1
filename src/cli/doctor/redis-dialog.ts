import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Redis refused a command. `code` is the first word of its answer: `NOAUTH`, `WRONGPASS`, `NOPERM`, `LOADING`. */
export class RedisRefusal extends Error {
  override readonly name = 'RedisRefusal';

  constructor(readonly code: string) {
    super(`Redis refused with ${code}`);
  }
}

/** No answer to these commands is longer, bytes. */
const LONGEST_ANSWER = 4_096;

/**
 * Asks Redis for its time, after a login if the address has a password. Speaks the protocol itself (redis.io, "Redis
 * serialization protocol specification"): the errors of a client library say only that the connection was closed.
 *
 * @returns seconds and microseconds since 1970
 * @throws RedisRefusal, or an error with the code of the socket or of TLS; ETIMEDOUT without an answer in time
 */
export async function askRedisTime(url: URL, withinMs: number): Promise<readonly [number, number]> {
  const commands = [...login(url), ['TIME']];
  const text = await exchange(url, commands, withinMs);
  // One line for each earlier answer, then an array of two texts, each after its length.
  const [, , seconds, , microseconds] = text.split('\r\n').slice(commands.length - 1);
  return [Number(seconds), Number(microseconds)];
}

function login({ username, password }: URL): string[][] {
  if (password === '') return [];
  const user = username === '' ? [] : [decodeURIComponent(username)];
  return [['AUTH', ...user, decodeURIComponent(password)]];
}

/** Sends every command, and reads until both texts of the last answer are complete. */
function exchange(url: URL, commands: readonly string[][], withinMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = open(url);
    const end = (act: () => void) => {
      clearTimeout(timeout);
      socket.destroy();
      act();
    };
    const fail = (error: Error) => end(() => reject(error));
    const timeout = setTimeout(() => fail(errorWithCode('ETIMEDOUT')), withinMs);
    let text = '';
    socket.on('error', fail);
    socket.on('close', () => fail(errorWithCode('ECONNRESET')));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const [, refusal] = /(?:^|\r\n)-([A-Z]+)/.exec(text) ?? [];
      if (refusal !== undefined) fail(new RedisRefusal(refusal));
      else if (/(?:^|\r\n)\*2\r\n\$\d+\r\n\d+\r\n\$\d+\r\n\d+\r\n$/.test(text)) end(() => resolve(text));
      else if (!/^[+*$]/.test(text) || text.length > LONGEST_ANSWER) fail(errorWithCode('EPROTO'));
    });
    socket.write(commands.map(encoded).join(''));
  });
}

function open({ protocol, hostname, port }: URL): Socket {
  // Only URLs put an IPv6 address in brackets.
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
  if (protocol !== 'rediss:') return connect(place);
  // An IP address is not a server name (RFC 6066, section 3).
  return connectTls(isIP(place.host) === 0 ? { ...place, servername: place.host } : place);
}

function encoded(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

function errorWithCode(code: string): Error {
  return Object.assign(new Error(code), { code });
}
