import type { MemoryChanges, OutletStore } from '../../src/core/outlets/outlet-memory.ts';

/** A store of outlets' memories that outlives its outlets, as a file outlives a process. */
export interface KeptOutlets {
  /** The store as a starting process finds it. */
  open(): OutletStore;
  /** Writes fail with this error unless it is null. */
  failWith(error: Error | null): void;
}

export function keptOutlets(): KeptOutlets {
  const kept = new Map<string, Map<string, string>>();
  let failure: Error | null = null;
  const apply = (outlet: string, changes: MemoryChanges) => {
    const memory = kept.get(outlet) ?? new Map<string, string>();
    kept.set(outlet, memory);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) memory.delete(key);
      else memory.set(key, value);
    }
  };
  return {
    open: () => ({
      past: new Map([...kept].map(([outlet, memory]) => [outlet, new Map(memory)])),
      async keep(outlet, changes) {
        if (failure !== null) throw failure;
        apply(outlet, changes);
      },
    }),
    failWith(error) {
      failure = error;
    },
  };
}
