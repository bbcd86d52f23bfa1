import { Type } from '@sinclair/typebox';
import { buildReferenceHub, startReferenceHub } from '../../tests/support/dotnet/reference-hub.ts';
import { dotnetMissing } from '../../tests/support/dotnet/sdk.ts';
import { startChild } from './child.ts';

/** A server in its own process that sends an event to all clients on request. */
export interface FanOutServer {
  readonly pid: number;
  /** Its WebSocket address. */
  readonly url: string;
  /** @param argument of the event `Rows`, as JSON text */
  emit(argument: string): Promise<void>;
  end(): Promise<void>;
}

/** How to start a server of a kind. */
export interface FanOutKind {
  readonly name: string;
  /** Protocol of its clients; undefined for bare WebSockets. */
  readonly protocol: 'signalr' | 'socket.io' | 'none';
  /** Emissions before the measurement, until the JIT has optimized all code. */
  readonly warmUp: number;
  /** Why it cannot be measured on this machine; null if it can. */
  readonly missing: string | null;
  start(): Promise<FanOutServer>;
}

/** The record that carries the event, for servers that need it. */
const frameOf = (argument: string) => `{"type":1,"target":"Rows","arguments":[${argument}]}\u001e`;

const nodeMissing = Bun.which('node') === null ? 'there is no node on PATH' : null;

export const FAN_OUT_KINDS = {
  ours: {
    name: 'ours',
    protocol: 'signalr',
    warmUp: 30,
    missing: null,
    start: () => startProgram('signalr-fan-out.ts', (argument) => argument),
  },
  bare: {
    name: 'bare Bun server.publish',
    protocol: 'none',
    warmUp: 30,
    missing: null,
    start: () => startProgram('bare-fan-out.ts', frameOf),
  },
  aspNetCore: {
    name: 'ASP.NET Core SignalR',
    protocol: 'signalr',
    warmUp: 150,
    missing: dotnetMissing,
    start: startAspNetCore,
  },
  ws: {
    name: 'ws on Node',
    protocol: 'none',
    warmUp: 30,
    missing: nodeMissing,
    start: () => startNode('ws-fan-out.mjs'),
  },
  socketIo: {
    name: 'socket.io on Node',
    protocol: 'socket.io',
    warmUp: 30,
    missing: nodeMissing,
    start: () => startNode('socket-io-fan-out.mjs'),
  },
} as const satisfies Record<string, FanOutKind>;

async function startProgram(path: string, emitted: (argument: string) => string): Promise<FanOutServer> {
  const child = startChild(path);
  return {
    pid: child.pid,
    url: await child.ask('url', null, Type.String()),
    async emit(argument) {
      await child.ask('emit', emitted(argument), Type.Unknown());
    },
    end: () => child.end(),
  };
}

async function startAspNetCore(): Promise<FanOutServer> {
  const nothing = { initialData: null, initial: [], manual: [], status: null, snapshot: null };
  const hub = await startReferenceHub(await buildReferenceHub(), nothing);
  return {
    pid: hub.pid,
    url: `${hub.url.replace(/^http/, 'ws')}/hubs/reference`,
    emit: (argument) => hub.emit('Rows', argument),
    end: () => hub.stop(),
  };
}

async function startNode(path: string): Promise<FanOutServer> {
  const program = new URL(`../programs/node/${path}`, import.meta.url).pathname;
  const child = Bun.spawn(['node', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  if (value === undefined) throw new Error(`${path} ended before it ran`);
  const address = new URL(value.trim());
  return {
    pid: child.pid,
    url: address.href.replace(/^http/, 'ws'),
    async emit(argument) {
      const answer = await fetch(new URL('/emit', address), { method: 'POST', body: argument });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    },
    async end() {
      await child.stdin.end();
      await child.exited;
    },
  };
}
