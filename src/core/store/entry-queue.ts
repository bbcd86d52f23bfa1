import type { Cancel, Clock } from '../runtime/clock.ts';
import { SourceError, SourceTimeoutError } from '../runtime/source-errors.ts';
import type { Statement } from './statement.ts';

/** Beyond so many that the store has not taken, further ones are refused. */
const MOST_PENDING = 1_000;
/** The caller goes on without an entry that is not written by then, ms; it is written later all the same. */
const WITHIN_MS = 5_000;

/** Entries that are written once each, though the Worker that writes them may end meanwhile. */
export interface EntryQueue {
  /** @throws SourceError when it is not written in time, and what the store throws */
  keep(statements: readonly Statement[]): Promise<void>;
  /** Sends what is pending to the Worker that has taken the place of the last. */
  resend(): void;
}

interface Pending {
  readonly statements: readonly Statement[];
  readonly written: PromiseWithResolvers<void>;
  cancel: Cancel;
}

/** @param write rejects with a SourceError where there is no Worker to write, which may have written all the same */
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
