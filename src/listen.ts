import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ServerOptions } from './core/http/serve.ts';
import { StartError } from './start-errors.ts';

/** @throws StartError that says how to fix it */
export async function listen<Server>(
  serve: (options: ServerOptions) => Server,
  options: ServerOptions,
): Promise<Server> {
  const { host } = options;
  // Bun does not say why it cannot listen on a host name, so the name is resolved here.
  const address = isIP(host) !== 0 || host === 'localhost' ? host : await addressOf(host);
  try {
    return serve({ ...options, host: address });
  } catch (error) {
    if (!isSocketError(error)) throw error;
    throw new StartError(explain(error.code, options), { cause: error });
  }
}

/** @throws StartError if the name cannot be resolved */
async function addressOf(name: string): Promise<string> {
  try {
    return (await lookup(name)).address;
  } catch (error) {
    throw new StartError(`HOST=${name} cannot be resolved. ${ANY_HOST}`, { cause: error });
  }
}

const ANY_HOST = 'HOST=0.0.0.0 listens on every address';

interface SocketError extends Error {
  readonly code: unknown;
}

function isSocketError(error: unknown): error is SocketError {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

const PRIVILEGED_BELOW = 1_024;
const DEFAULT_PORT = 8_000;

function explain(code: unknown, { host, port }: Pick<ServerOptions, 'host' | 'port'>): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop it, or choose another: PORT=${nextPort(port)}`;
    case 'EACCES':
    case 'EPERM':
      return port < PRIVILEGED_BELOW
        ? `Port ${port} is not open to this user. Choose one above 1023: PORT=${DEFAULT_PORT}`
        : `HOST=${host} PORT=${port} is not open to this user (${code}). Choose another port: PORT=${nextPort(port)}`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAFNOSUPPORT':
      return `HOST=${host} is not an address of this machine. ${ANY_HOST}`;
    default:
      return `HOST=${host} PORT=${port} cannot be used (${code}). The default is HOST=0.0.0.0 PORT=${DEFAULT_PORT}`;
  }
}

function nextPort(port: number): number {
  return port < 65_535 ? port + 1 : DEFAULT_PORT;
}
