import type { Document } from 'mongodb';
import { settledWithin } from '../../runtime/settled-within.ts';
import type { Asking } from './asking.ts';
import { openStreamTail, type StreamStart, type StreamTail } from './stream-tail.ts';

/** At most one open stream, and the position of the mirror for which it goes on. */
export interface HeldTail {
  /** The open stream, if what it gives next comes behind this position. */
  at(position: string): StreamTail | null;
  /** @throws the driver's error when the server opens no stream there */
  open(from: StreamStart, signal: AbortSignal): Promise<StreamTail>;
  /** The stream continues after this position; null if that is unknown. */
  reached(position: string | null): void;
  /** Gives the stream up at the server, too. Never rejects. */
  close(): Promise<void>;
}

/** A stream that cannot be given up within this, in ms, hangs on a connection that is stuck. */
const CLOSE_WITHIN_MS = 500;

export function holdTail(asking: Asking, pipeline: readonly Document[], awaitMs: number): HeldTail {
  let tail: StreamTail | null = null;
  /** Of the client that the stream goes through: it ends with it. */
  let client = asking.client;
  let standsAt: string | null = null;

  return {
    at: (position) => (standsAt === position && client === asking.client ? tail : null),
    async open(from, signal) {
      const { client: used, database } = asking;
      const opened = await openStreamTail(database, pipeline, from, awaitMs);
      if (signal.aborted) {
        // Another stream may have been opened meanwhile.
        opened.close().catch(() => {});
        throw signal.reason;
      }
      tail = opened;
      client = used;
      standsAt = null;
      return opened;
    },
    reached(position) {
      standsAt = position;
    },
    async close() {
      const closing = tail;
      tail = null;
      standsAt = null;
      if (closing === null) return;
      let isStuck = true;
      const closed = closing.close().finally(() => {
        isStuck = false;
      });
      await settledWithin(closed, CLOSE_WITHIN_MS);
      if (isStuck) asking.renew();
    },
  };
}
