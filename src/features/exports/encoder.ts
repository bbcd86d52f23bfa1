import type { Clock } from '../../core/runtime/clock.ts';
import { SourceError } from '../../core/runtime/source-errors.ts';
import type { Calls } from '../../core/threads/calls.ts';
import { type CreateWorker, openWorker } from '../../core/threads/open-worker.ts';
import type { EncodeHandlers, PackedTable, TableEncoding } from './packed-table.ts';

/** Encodes tables in a Worker, one file after another. */
export interface Encoder {
  /** @throws SourceError if the Worker crashed */
  encode(tables: readonly PackedTable[], encoding: TableEncoding): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface EncoderOptions {
  readonly clock: Clock;
  /** Receives why a Worker crashed. */
  readonly onLost: (error: unknown) => void;
  readonly createWorker?: CreateWorker;
}

/** An encoder whose Worker starts with the first file: most servers export seldom. */
export function createEncoder({ clock, onLost, createWorker }: EncoderOptions): Encoder {
  let opening: Promise<Calls<EncodeHandlers>> | null = null;
  let isClosed = false;
  const open = () =>
    openWorker<EncodeHandlers>({
      name: 'The encoder of exports',
      url: new URL('./encode-worker.ts', import.meta.url),
      argv: () => [],
      clock,
      onLost,
      createWorker,
    }).catch((error: unknown) => {
      opening = null;
      throw error;
    });
  return {
    async encode(tables, encoding) {
      if (isClosed) throw new SourceError('The encoder of exports was closed');
      opening ??= open();
      const calls = await opening;
      return calls.call('encode', tables, encoding);
    },
    async close() {
      isClosed = true;
      const calls = await opening?.catch(() => null);
      calls?.terminate();
    },
  };
}
