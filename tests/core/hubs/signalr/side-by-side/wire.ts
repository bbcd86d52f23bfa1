import { OPCODE, openRawWebSocket, type WireFrame } from '../../../../support/raw-websocket.ts';

/** Ends every record of the JSON encoding. */
export const RS = '\u001e';

/** A record as its text, with its end. */
export function record(value: unknown): string {
  return JSON.stringify(value) + RS;
}

export const HELLO = record({ protocol: 'json', version: 1 });

/** Stands in the lines where something was waited for in vain. */
const SILENCE = 'silence';
/** Longer than a server on a busy machine takes; what does not come within it does not come. */
const PATIENCE_MS = 10_000;

/** A raw WebSocket to a hub, and what is heard over it, a line each: the text of a record, or how it was closed. */
export interface Wire {
  readonly lines: readonly string[];
  /** Each in a frame of its own. */
  send(...frames: (string | Uint8Array)[]): void;
  /** Waits for a line with this text in it, and the next time for another; the end is as good. Never rejects. */
  until(text: string): Promise<void>;
  /** Asks one thing more, and waits for the answer: what the server had to say before has come by then. */
  rest(): Promise<void>;
  /** Waits until the server has ended the connection: it has let go of it by then, which a close frame alone does not say. */
  gone(): Promise<void>;
  destroy(): void;
}

/** @throws Error when the server refuses the upgrade */
export async function openWire(url: string, path: string): Promise<Wire> {
  const socket = await openRawWebSocket(url, path);
  const silences: number[] = [];
  const isClose = ({ opcode }: WireFrame) => opcode === OPCODE.close;
  // A close is answered, as every proper client does: a server waits for that.
  socket.waitFor(isClose).then(
    ({ payload }) => socket.send(OPCODE.close, payload),
    () => {},
  );
  let taken = 0;
  const heard = () => linesOf(socket.frames);
  const found = (text: string) => heard().findIndex((line, index) => index >= taken && line.includes(text));
  const ended = () => heard().some((line) => line.startsWith('closed'));

  const send = (...frames: (string | Uint8Array)[]) => {
    for (const frame of frames) socket.send(typeof frame === 'string' ? OPCODE.text : OPCODE.binary, frame);
  };
  const until = async (text: string) => {
    const come = socket
      .waitFor(() => found(text) >= 0 || ended())
      .then(
        () => true,
        () => false,
      );
    const over = socket.ended.then(() => true);
    const silent = Bun.sleep(PATIENCE_MS).then(() => false);
    if (!(await Promise.race([come, over, silent]))) silences.push(heard().length + silences.length);
    taken = Math.max(taken, found(text) + 1);
  };
  return {
    get lines() {
      return silences.reduce((lines, index) => lines.toSpliced(index, 0, SILENCE), heard());
    },
    send,
    until,
    rest() {
      send(record({ type: 1, invocationId: 'rest', target: 'SubscribeToClaims', arguments: [{}] }));
      return until('"invocationId":"rest"');
    },
    gone: () => Promise.race([socket.ended, Bun.sleep(PATIENCE_MS)]),
    destroy: () => socket.destroy(),
  };
}

/** However a server spreads its records over frames, they are the same lines. */
function linesOf(frames: readonly WireFrame[]): string[] {
  const lines: string[] = [];
  let text = '';
  for (const { opcode, payload } of frames) {
    if (opcode === OPCODE.close) {
      lines.push(`closed ${payload.length < 2 ? '' : payload.readUInt16BE()} "${payload.toString('utf8', 2)}"`);
      continue;
    }
    if (opcode === OPCODE.binary) lines.push('a binary frame');
    text += payload.toString();
    const records = text.split(RS);
    text = records.pop() ?? '';
    lines.push(...records);
  }
  return text === '' ? lines : [...lines, `unfinished ${text}`];
}
