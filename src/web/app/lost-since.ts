import { signal } from '@preact/signals';
import type { ConnectionState } from '../../client/index.ts';
import { isOffline, type Live } from '../live/live.ts';

/** Since when there has been no connection; undefined while there is one. Attempts in between do not count anew. */
export const lostSince = signal<number | undefined>(undefined);

export function watchConnection(live: Live): void {
  live.connection.subscribe((state: ConnectionState) => {
    if (state.state === 'open') lostSince.value = undefined;
    else if (isOffline(state)) lostSince.value ??= Date.now();
  });
}
