import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { createArrivals } from './arrivals.ts';

/** A received frame of the plain JSON dialect. */
export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export interface HubClient {
  /** Every frame so far, oldest first. */
  readonly frames: readonly Frame[];
  /** How the connection ended. Never rejects. */
  readonly closed: Promise<Closing>;
  /**
   * The next matching frame that was not taken yet; skips earlier ones.
   *
   * @throws Error when none comes in time, or the connection ends first
   */
  next(wanted?: (frame: Frame) => boolean): Promise<Frame>;
  /** The next frame of a type with the given members. */
  nextOf(type: string, members?: Readonly<Record<string, unknown>>): Promise<Frame>;
  send(frame: unknown): void;
  /** Sends text or bytes unchanged. */
  sendRaw(frame: string | Uint8Array<ArrayBuffer>): void;
  invoke(method: string): void;
  close(): Promise<Closing>;
}

/** Longer than any frame takes; only a failing test waits this long. */
const PATIENCE_MS = 45_000;

const FrameShape = Type.Object({ type: Type.String() });

/**
 * Connects to a hub as any plain WebSocket client does.
 *
 * @param url of the server, `http://…`
 * @param hub its name, with a query where one is wanted
 * @throws Error when the server refuses the upgrade
 */
export async function connectHub(url: string, hub: string, headers: Record<string, string> = {}): Promise<HubClient> {
  const query = hub.includes('?') ? '&' : '?';
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/hubs/${hub}${query}protocol=json`, { headers });
  const client = clientOf(socket);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('close', ({ code }) => reject(new Error(`The upgrade to ${hub} was refused (${code})`)));
  });
  return client;
}

function clientOf(socket: WebSocket): HubClient {
  const arrivals = createArrivals<Frame>(PATIENCE_MS, (frame) => frame);
  const closed = new Promise<Closing>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => {
      resolve({ code, reason });
      arrivals.end(`Closed with ${code} ${reason}`);
    });
  });
  socket.addEventListener('message', ({ data }) => arrivals.add(parseFrame(data)));

  const next = (wanted: (frame: Frame) => boolean = () => true) => arrivals.take(wanted, { skip: true });
  const sendRaw = (frame: string | Uint8Array<ArrayBuffer>) => socket.send(frame);
  const send = (frame: unknown) => sendRaw(JSON.stringify(frame));
  return {
    frames: arrivals.all,
    closed,
    next,
    nextOf: (type, members = {}) =>
      next((frame) => frame.type === type && Object.entries(members).every(([name, value]) => frame[name] === value)),
    send,
    sendRaw,
    invoke: (method) => send({ type: 'Invoke', method }),
    close() {
      socket.close();
      return closed;
    },
  };
}

function parseFrame(data: unknown): Frame {
  const frame: unknown = JSON.parse(String(data));
  if (Value.Check(FrameShape, frame)) return frame;
  throw new Error(`Not a frame: ${String(data).slice(0, 200)}`);
}
