import { mkdir } from 'node:fs/promises';
import type { MirrorHost } from './core/mirror/host.ts';
import { createMirror, type Mirror } from './core/mirror/mirror.ts';
import { type Clock, systemClock } from './core/runtime/clock.ts';
import { type CreateWorker, openWorker } from './core/threads/open-worker.ts';

export interface OpenMirrorOptions {
  readonly timeZone: string;
  readonly storage: 'memory' | 'disk';
  /** State folder; null if nothing can be stored. */
  readonly directory: string | null;
  /** Receives notices about how the mirror is stored. */
  readonly onNotice: (text: string) => void;
  /** Called with the reason when the Worker ends. It is restarted, and the feeds load the mirror again. */
  readonly onLost: (error: unknown) => void;
  readonly clock?: Clock;
  readonly createWorker?: CreateWorker;
}

/**
 * Opens the mirror in a Worker of its own.
 *
 * @throws see `openWorker`
 */
export async function openMirror(options: OpenMirrorOptions): Promise<Mirror> {
  const { timeZone, storage, directory, onNotice, onLost, clock = systemClock, createWorker } = options;
  if (storage === 'disk' && directory !== null) await mkdir(directory, { recursive: true });
  const calls = await openWorker<MirrorHost>({
    name: 'The mirror',
    url: new URL('./mirror-worker.ts', import.meta.url),
    argv: () => [timeZone, storage, directory ?? ''],
    clock,
    onEvent: (event) => onNotice(String(event)),
    onLost,
    createWorker,
  });
  return createMirror(calls, calls.terminate);
}
