/** Callers that wait for the next question to a source. All that wait when it is asked are answered by it. */
export interface SyncQueue {
  add(): Promise<void>;
  isWanted(): boolean;
  /** Those that wait now; null where there are none. */
  take(): SyncBatch | null;
  /** They wait on: the question could not be asked. */
  giveBack(batch: SyncBatch): void;
  reject(error: unknown): void;
}

export type SyncBatch = PromiseWithResolvers<void>[];

export function createSyncQueue(): SyncQueue {
  let waiting: PromiseWithResolvers<void>[] = [];
  return {
    add() {
      const caller = Promise.withResolvers<void>();
      // Where nobody waits any more, it is no unhandled rejection.
      caller.promise.catch(() => {});
      waiting.push(caller);
      return caller.promise;
    },
    isWanted: () => waiting.length > 0,
    take() {
      if (waiting.length === 0) return null;
      const batch = waiting;
      waiting = [];
      return batch;
    },
    giveBack(batch) {
      waiting = [...batch, ...waiting];
    },
    reject(error) {
      for (const { reject } of waiting.splice(0)) reject(error);
    },
  };
}
