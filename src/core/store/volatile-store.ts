import { volatileOutletStore } from '../outlets/outlet-memory.ts';
import type { SequenceMark } from '../runtime/sequence.ts';
import type { Store } from './store.ts';

/**
 * A store for a server without a writable folder. Its numbers start at the seconds since 1970: they do not go back after a
 * restart as long as content changes less than once a second.
 */
export function createVolatileStore(now: number): Store {
  const start: SequenceMark = { seq: Math.floor(now / 1000), hash: '' };
  const notifications = { past: { newest: [], keys: new Map(), memories: new Map() }, keep: async () => {} };
  const outlets = volatileOutletStore();
  return { restored: () => start, save: () => {}, notifications, outlets, notices: [], close: async () => {} };
}
