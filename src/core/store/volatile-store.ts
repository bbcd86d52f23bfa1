import type { SequenceMark } from '../runtime/sequence.ts';
import type { Store } from './store.ts';

/**
 * A store for a server that has no folder to write to. Its numbers start at the seconds since 1970, so that they do not
 * go back over a restart either, as long as fewer than one content a second changes.
 */
export function createVolatileStore(now: number): Store {
  const start: SequenceMark = { seq: Math.floor(now / 1000), hash: '' };
  const notifications = { past: { newest: [], keys: new Map(), memories: new Map() }, keep: async () => {} };
  return { restored: () => start, save: () => {}, notifications, notices: [], close: async () => {} };
}
