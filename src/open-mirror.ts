import { mkdir } from 'node:fs/promises';
import type { MirrorHost } from './core/mirror/host.ts';
import { createMirror, type Mirror } from './core/mirror/mirror.ts';
import { connectCalls } from './core/threads/calls.ts';

export interface OpenMirrorOptions {
  readonly timeZone: string;
  /** Folder that keeps it; null: it is in memory. */
  readonly directory: string | null;
  /** Receives what a person should know of how it is kept. */
  readonly onNotice: (text: string) => void;
  readonly onLost: (error: Error) => void;
}

/** The mirror in a Worker of its own. */
export async function openMirror({ timeZone, directory, onNotice, onLost }: OpenMirrorOptions): Promise<Mirror> {
  if (directory !== null) await mkdir(directory, { recursive: true });
  const worker = new Worker(new URL('./mirror-worker.ts', import.meta.url), { argv: [timeZone, directory ?? ''] });
  const calls = await connectCalls<MirrorHost>(worker, {
    name: 'The mirror',
    onEvent: (event) => onNotice(String(event)),
    onLost,
  });
  return createMirror(calls, calls.terminate);
}
