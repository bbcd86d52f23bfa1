import { mkdir } from 'node:fs/promises';
import type { MirrorHost } from './core/mirror/host.ts';
import { createMirror, type Mirror } from './core/mirror/mirror.ts';
import { type Clock, systemClock } from './core/runtime/clock.ts';
import { connectCalls, type WorkerHandle } from './core/threads/calls.ts';
import { superviseCalls } from './core/threads/supervised-calls.ts';

export interface OpenMirrorOptions {
  readonly timeZone: string;
  readonly storage: 'memory' | 'disk';
  /** Folder for state; null: nothing is kept. */
  readonly directory: string | null;
  /** Receives what a person should know of how it is kept. */
  readonly onNotice: (text: string) => void;
  /** Receives why its Worker ended. Another one is started, and its feeds load it again. */
  readonly onLost: (error: unknown) => void;
  readonly clock?: Clock;
  /** Makes the Worker; tests keep it to end it. */
  readonly createWorker?: (url: URL, argv: string[]) => WorkerHandle;
}

/**
 * The mirror in a Worker of its own, which is started again whenever it ends by itself.
 *
 * @throws whatever keeps the first one from starting
 */
export async function openMirror(options: OpenMirrorOptions): Promise<Mirror> {
  const { timeZone, storage, directory, onNotice, onLost, clock = systemClock, createWorker = startWorker } = options;
  if (storage === 'disk' && directory !== null) await mkdir(directory, { recursive: true });
  const calls = await superviseCalls<MirrorHost>({
    name: 'The mirror',
    start: (lost) =>
      connectCalls<MirrorHost>(
        createWorker(new URL('./mirror-worker.ts', import.meta.url), [timeZone, storage, directory ?? '']),
        {
          name: 'The mirror',
          onEvent: (event) => onNotice(String(event)),
          onLost: lost,
        },
      ),
    clock,
    random: Math.random,
    onLost,
  });
  return createMirror(calls, calls.terminate);
}

function startWorker(url: URL, argv: string[]): WorkerHandle {
  return new Worker(url, { argv });
}
