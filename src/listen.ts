import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ServerOptions } from './core/http/serve.ts';
import { StartError } from './start-errors.ts';

/** @throws StartError with what would do instead */
export async function listen<Server>(
  serve: (options: ServerOptions) => Server,
  options: ServerOptions,
): Promise<Server> {
  const { host } = options;
  // Of a name that it cannot listen on Bun does not tell why.
  const address = isIP(host) !== 0 || host === 'localhost' ? host : await addressOf(host);
  try {
    return serve({ ...options, host: address });
  } catch (error) {
    if (!isOfSocket(error)) throw error;
    throw new StartError(refusal(error.code, options), { cause: error });
  }
}

/** @throws StartError of a name that no name server knows */
async function addressOf(name: string): Promise<string> {
  try {
    return (await lookup(name)).address;
  } catch (error) {
    throw new StartError(`HOST=${name} is a name that is not known here. ${ANY_HOST}`, { cause: error });
  }
}

const ANY_HOST = 'HOST=0.0.0.0 is every address of this machine';

interface SocketError extends Error {
  readonly code: unknown;
}

function isOfSocket(error: unknown): error is SocketError {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

const PRIVILEGED_BELOW = 1_024;
const USUAL_PORT = 8_000;

function refusal(code: unknown, { host, port }: Pick<ServerOptions, 'host' | 'port'>): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Stop that one, or choose another: PORT=${nextPort(port)}`;
    case 'EACCES':
    case 'EPERM':
      return port < PRIVILEGED_BELOW
        ? `Port ${port} is not open to this user. Choose one above 1023: PORT=${USUAL_PORT}`
        : `HOST=${host} PORT=${port} is not open to this user (${code}). Choose another port: PORT=${nextPort(port)}`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
      return `HOST=${host} is no address of this machine. ${ANY_HOST}`;
    default:
      return `HOST=${host} PORT=${port} cannot be listened on (${code}). HOST=0.0.0.0 PORT=${USUAL_PORT} is usual`;
  }
}

function nextPort(port: number): number {
  return port < 65_535 ? port + 1 : USUAL_PORT;
}
