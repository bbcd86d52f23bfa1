import type { Cancel, Clock } from '../runtime/clock.ts';
import { SourceError, SourceTimeoutError } from '../runtime/source-errors.ts';
import type { Statement } from './statement.ts';

/** New entries are refused while this many are not written yet. */
const MOST_PENDING = 1_000;
/** A caller waits this long at most, ms; the entry is still written later. */
const WITHIN_MS = 5_000;

/** Writes each entry, also if the Worker ends before it did. */
export interface EntryQueue {
  /** @throws SourceError if the entry is not written in time, or what the store throws */
  keep(statements: readonly Statement[]): Promise<void>;
  /** Sends pending entries to the new Worker. */
  resend(): void;
}

interface Pending {
  readonly statements: readonly Statement[];
  readonly written: PromiseWithResolvers<void>;
  cancel: Cancel;
}

/** @param write rejects with a SourceError if the Worker was lost; it may have written the entry */
export function createEntryQueue(write: (statements: readonly Statement[]) => Promise<void>, clock: Clock): EntryQueue {
  const pending = new Set<Pending>();
  const settle = (entry: Pending, end: () => void) => {
    pending.delete(entry);
    entry.cancel();
    end();
  };
  const send = (entry: Pending) =>
    write(entry.statements).then(
      () => settle(entry, entry.written.resolve),
      (error: unknown) => {
        if (!(error instanceof SourceError)) settle(entry, () => entry.written.reject(error));
      },
    );
  return {
    keep(statements) {
      if (pending.size >= MOST_PENDING) {
        return Promise.reject(new SourceError(`The store has not taken ${MOST_PENDING} entries yet`));
      }
      const written = Promise.withResolvers<void>();
      const cancel = clock.schedule(WITHIN_MS, () =>
        written.reject(new SourceTimeoutError(`The store has not taken an entry within ${WITHIN_MS} ms`)),
      );
      const entry = { statements, written, cancel };
      pending.add(entry);
      void send(entry);
      return written.promise;
    },
    resend() {
      for (const entry of pending) void send(entry);
    },
  };
}
