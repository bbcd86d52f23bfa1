import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from './until.ts';

/** Server-Sent Events over a raw TCP connection. Unlike `fetch`, it can stop reading. */
export interface RawEvents {
  /** Everything read so far, including the chunk headers. */
  text(): string;
  /** Resolves when the server ends the connection. Never rejects. */
  readonly ended: Promise<void>;
  stopReading(): void;
  readOn(): void;
  /** Resolves when a text has been read. @throws Error when it does not come in time */
  waitFor(text: string): Promise<void>;
  destroy(): void;
}

/** @param path with the connection's id in its query */
export async function openRawEvents(url: string, path: string): Promise<RawEvents> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let read = '';
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    read += bytes.toString('latin1');
  });
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);

  const waitFor = (text: string) => until(() => read.includes(text));
  await waitFor(':\r\n');
  return {
    text: () => read,
    ended,
    stopReading: () => void socket.pause(),
    readOn: () => void socket.resume(),
    waitFor,
    destroy: () => void socket.destroy(),
  };
}
