import { decode, encode } from '@msgpack/msgpack';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { createArrivals } from './arrivals.ts';
import type { Closing } from './hub-client.ts';

/** Ends every JSON record. */
export const SEPARATOR = '\u001e';

/** Encodes records of the JSON protocol, one after the other. */
export function json(...records: readonly unknown[]): string {
  return records.map((record) => JSON.stringify(record) + SEPARATOR).join('');
}

/** Encodes records of the MessagePack protocol, each with its length prefix. */
export function messagePack(...records: readonly unknown[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(records.flatMap((record) => [...withLength(encode(record))]));
}

/** A body with its length prefix, 7 bits per byte, lowest first. */
export function withLength(body: Uint8Array): Uint8Array {
  const length: number[] = [];
  for (let rest = body.byteLength; rest > 0 || length.length === 0; rest >>>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  }
  return Buffer.concat([Uint8Array.from(length), body]);
}

export function handshake(protocol: 'json' | 'messagepack' = 'json', version = 1): string {
  return json({ protocol, version });
}

/**
 * Decodes a frame of any protocol. The answer to a handshake is always JSON; a frame of the plain dialect is one object.
 */
export function recordsIn(frame: string | Uint8Array): unknown[] {
  if (typeof frame === 'string') return jsonRecords(frame);
  return frame[0] === '{'.charCodeAt(0) ? jsonRecords(Buffer.from(frame).toString()) : packedRecords(frame);
}

function jsonRecords(text: string): unknown[] {
  if (!text.includes(SEPARATOR)) return [JSON.parse(text)];
  if (!text.endsWith(SEPARATOR)) throw new Error(`A record does not end: ${text.slice(-100)}`);
  return text
    .slice(0, -1)
    .split(SEPARATOR)
    .map((record): unknown => JSON.parse(record));
}

function packedRecords(frame: Uint8Array): unknown[] {
  const records: unknown[] = [];
  for (let at = 0; at < frame.byteLength; ) {
    let length = 0;
    let size = 0;
    for (let more = true; more; size++) {
      const byte = frame[at + size] ?? 0;
      length += (byte & 0x7f) * 2 ** (7 * size);
      more = byte > 0x7f;
    }
    const start = at + size;
    if (start + length > frame.byteLength) throw new Error('A record does not end');
    records.push(decode(frame.subarray(start, start + length)));
    at = start + length;
  }
  return records;
}

/** A WebSocket that sends raw data and splits received data into records. */
export interface Wire {
  readonly frames: readonly (string | Uint8Array)[];
  /** Every record so far, oldest first. */
  readonly records: readonly unknown[];
  /** Never rejects. */
  readonly closed: Promise<Closing>;
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  /**
   * The earliest matching record that was not taken yet.
   *
   * @throws Error when none comes in time, or the connection ends first
   */
  next(fits?: (record: unknown) => boolean): Promise<unknown>;
  close(): Promise<Closing>;
}

/** Longer than anything here takes: only a test that fails waits so long. */
const PATIENCE_MS = 45_000;

/** @throws Error when the server refuses the upgrade */
export async function openWire(url: string, path: string, headers: Record<string, string> = {}): Promise<Wire> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + path, { headers });
  socket.binaryType = 'arraybuffer';
  const frames: (string | Uint8Array)[] = [];
  const records: unknown[] = [];
  const arrivals = createArrivals<{ readonly record: unknown }>(PATIENCE_MS, ({ record }) => record);
  const closed = new Promise<Closing>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => {
      resolve({ code, reason });
      arrivals.end(`Closed with ${code} ${reason}`);
    });
  });
  socket.addEventListener('message', ({ data }) => {
    const frame = typeof data === 'string' ? data : new Uint8Array(data);
    frames.push(frame);
    for (const record of recordsIn(frame)) {
      records.push(record);
      arrivals.add({ record });
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('The upgrade was refused')));
  });

  return {
    frames,
    records,
    closed,
    send: (frame) => socket.send(frame),
    next: async (fits = () => true) => (await arrivals.take(({ record }) => fits(record))).record,
    close() {
      socket.close();
      return closed;
    },
  };
}

const Negotiated = Type.Object({ connectionId: Type.String(), connectionToken: Type.Optional(Type.String()) });

/** What a negotiation yields. @throws Error when it is refused */
export async function negotiated(url: string, hub: string, query: string, headers: Record<string, string> = {}) {
  const answer: unknown = await (await negotiate(url, hub, query, headers)).json();
  if (Value.Check(Negotiated, answer)) return answer;
  throw new Error(`Not negotiated: ${JSON.stringify(answer)}`);
}

/** The token of a connection negotiated in version 1. @throws Error when it is refused */
export async function negotiatedToken(url: string, hub: string, headers: Record<string, string> = {}): Promise<string> {
  return (await negotiated(url, hub, 'negotiateVersion=1', headers)).connectionToken ?? '';
}

export function negotiate(
  url: string,
  hub: string,
  query: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/hubs/${hub}/negotiate?${query}`, { method: 'POST', headers });
}
