/** Callers that wait for the next poll. One poll answers all that are queued when it starts. */
export interface SyncQueue {
  add(): Promise<void>;
  isWanted(): boolean;
  /** Removes the queued callers and returns them; null if there are none. */
  take(): SyncBatch | null;
  /** Puts callers back at the front after a failed poll. */
  giveBack(batch: SyncBatch): void;
  reject(error: unknown): void;
}

export type SyncBatch = PromiseWithResolvers<void>[];

export function createSyncQueue(): SyncQueue {
  let queuedCallers: PromiseWithResolvers<void>[] = [];
  return {
    add() {
      const caller = Promise.withResolvers<void>();
      // A caller that gave up must not cause an unhandled rejection.
      caller.promise.catch(() => {});
      queuedCallers.push(caller);
      return caller.promise;
    },
    isWanted: () => queuedCallers.length > 0,
    take() {
      if (queuedCallers.length === 0) return null;
      const batch = queuedCallers;
      queuedCallers = [];
      return batch;
    },
    giveBack(batch) {
      queuedCallers = [...batch, ...queuedCallers];
    },
    reject(error) {
      for (const { reject } of queuedCallers.splice(0)) reject(error);
    },
  };
}
