import { connect, type Socket } from 'node:net';
import { createArrivals } from './arrivals.ts';
import { upgradeRequest } from './raw-request.ts';

/** A WebSocket frame on the wire (RFC 6455, section 5.2). */
export interface WireFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What a client does automatically; nothing by default. */
export interface RawWebSocketOptions {
  /** Answers the server's pings, as every proper client does. */
  readonly answerPings?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the kernel has the request to upgrade, whether or not the server has read it. */
  readonly onSent?: () => void;
}

/**
 * A low-level WebSocket client. Unlike a regular client it can stop reading, ignore pings, and disconnect without a close
 * frame.
 */
export interface RawWebSocket {
  /** Frames that were read so far. */
  readonly frames: readonly WireFrame[];
  /** Resolves when the server ends the connection. Never rejects. */
  readonly ended: Promise<void>;
  /** Stops reading: the buffers in between fill up, and the server must keep what it wants to send. */
  stopReading(): void;
  readOn(): void;
  /** @throws Error when no such frame comes in time */
  waitFor(wanted: (frame: WireFrame) => boolean): Promise<WireFrame>;
  send(opcode: number, payload: string | Uint8Array): void;
  /** Sends raw bytes instead of frames. */
  sendUnframed(bytes: Uint8Array): void;
  /** Resolves when the kernel has every frame sent so far, whether or not the server has read it. */
  sent(): Promise<void>;
  /** Ends the connection without a close frame. */
  destroy(): void;
}

/** Longer than anything here takes: only a test that fails waits so long. */
const PATIENCE_MS = 45_000;
const HEADERS_END = '\r\n\r\n';

/**
 * @param url of the server, `http://…`
 * @throws Error when the server refuses the upgrade
 */
export async function openRawWebSocket(
  url: string,
  path: string,
  { answerPings = false, headers = {}, onSent = () => {} }: RawWebSocketOptions = {},
): Promise<RawWebSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const arrivals = createArrivals<WireFrame>(PATIENCE_MS, ({ opcode, payload }) => [opcode, payload.length]);
  const parser = new FrameParser();
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));

  let sent = Promise.resolve();

  const send = (opcode: number, payload: string | Uint8Array) => {
    sent = new Promise((resolve) => socket.write(maskedFrame(opcode, Buffer.from(payload)), () => resolve()));
  };
  const read = (bytes: Buffer) => {
    for (const frame of parser.feed(bytes)) {
      arrivals.add(frame);
      if (answerPings && frame.opcode === OPCODE.ping) send(OPCODE.pong, frame.payload);
    }
  };

  read(await shakeHands(socket, path, headers, onSent));
  socket.on('data', read);
  socket.on('error', () => {});
  return {
    frames: arrivals.all,
    ended,
    stopReading: () => void socket.pause(),
    readOn: () => void socket.resume(),
    waitFor: arrivals.find,
    send,
    sent: () => sent,
    sendUnframed: (bytes) => void socket.write(bytes),
    destroy: () => void socket.destroy(),
  };
}

/** @returns what came after the answer's headers */
function shakeHands(
  socket: Socket,
  path: string,
  headers: Readonly<Record<string, string>>,
  onSent: () => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0);
    const read = (bytes: Buffer) => {
      answer = Buffer.concat([answer, bytes]);
      const end = answer.indexOf(HEADERS_END);
      if (end < 0) return;
      socket.off('data', read);
      const head = answer.toString('latin1', 0, end);
      if (head.startsWith('HTTP/1.1 101')) resolve(answer.subarray(end + HEADERS_END.length));
      else reject(new Error(head.split('\r\n', 1)[0]));
    };
    socket.on('data', read);
    socket.once('error', reject);
    socket.write(upgradeRequest(path, headers), () => onSent());
  });
}

/** Splits chunks of bytes into frames. Servers send frames whole and unmasked. */
class FrameParser {
  #pieces: Buffer[] = [];
  #length = 0;
  #needed = 2;

  feed(bytes: Buffer): WireFrame[] {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    const frames: WireFrame[] = [];
    while (this.#length >= this.#needed) {
      const buffered = Buffer.concat(this.#pieces);
      const { start, end } = extentOf(buffered);
      this.#needed = end;
      this.#pieces = [buffered];
      if (buffered.length < end) break;
      frames.push({ opcode: (buffered[0] ?? 0) & 0x0f, payload: Buffer.from(buffered.subarray(start, end)) });
      this.#pieces = [buffered.subarray(end)];
      this.#length -= end;
      this.#needed = 2;
    }
    return frames;
  }
}

/** Start and end of the first frame's payload, as far as known while its head is incomplete. */
function extentOf(buffered: Buffer): { readonly start: number; readonly end: number } {
  const length = (buffered[1] ?? 0) & 0x7f;
  if (length < 126) return { start: 2, end: 2 + length };
  const start = length === 126 ? 4 : 10;
  if (buffered.length < start) return { start, end: start };
  const extended = length === 126 ? buffered.readUInt16BE(2) : Number(buffered.readBigUInt64BE(2));
  return { start, end: start + extended };
}

/** Clients must mask their frames; any mask will do. */
function maskedFrame(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (head.length === 2) head[1] = 0x80 | payload.length;
  else if (head.length === 4) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([head, mask, masked]);
}
