import { SourceError } from '../runtime/source-errors.ts';
import type { OutletMemory } from './outlet.ts';

/** New values by key; null forgets a key. */
export type MemoryChanges = Readonly<Record<string, string | null>>;

/** Keeps the memories of outlets across restarts. */
export interface OutletStore {
  /** What was kept when the store was opened, by outlet. */
  readonly past: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /**
   * Resolves once the changes survive a crash of the process. They are written in one transaction.
   *
   * @throws SourceError if the store does not answer
   */
  keep(outlet: string, changes: MemoryChanges): Promise<void>;
}

export function openOutletMemory({ past, keep }: OutletStore, outlet: string): OutletMemory {
  const values = new Map(past.get(outlet));
  return {
    get: (key) => values.get(key),
    entries: () => values.entries(),
    save(changes) {
      for (const [key, value] of Object.entries(changes)) {
        if (value === null) values.delete(key);
        else values.set(key, value);
      }
      return keep(outlet, changes);
    },
  };
}

/** A store that keeps nothing. */
export function volatileOutletStore(): OutletStore {
  return { past: new Map(), keep: async () => {} };
}

/** Reports what went wrong with a save that nobody waits for. A store that does not answer is reported elsewhere. */
export function reportSave(saved: Promise<void>, onError: (error: unknown) => void): void {
  saved.catch((error: unknown) => {
    if (!(error instanceof SourceError)) onError(error);
  });
}

/** Empties a memory. */
export function forgetAll(memory: OutletMemory): Promise<void> {
  return memory.save(Object.fromEntries([...memory.entries()].map(([key]) => [key, null])));
}
