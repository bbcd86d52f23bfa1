import type { Clock } from '../runtime/clock.ts';
import { type Calls, connectCalls, type Handlers, type WorkerHandle } from './calls.ts';
import { superviseCalls } from './supervised-calls.ts';

/** Creates a Worker. Tests pass their own to keep the Worker and end it. */
export type CreateWorker = (url: URL, argv: string[]) => WorkerHandle;

export interface OpenWorkerOptions<Offered extends Handlers> {
  /** Names the Worker in errors: `The mirror`. */
  readonly name: string;
  readonly url: URL;
  /** The arguments, computed at each start. */
  readonly argv: () => string[];
  readonly clock: Clock;
  readonly onEvent?: (event: unknown) => void;
  /** Runs after each start, before any other call reaches the Worker. */
  readonly onStarted?: (calls: Calls<Offered>) => Promise<void>;
  /** Receives why a Worker crashed, or could not be restarted. */
  readonly onLost: (error: unknown) => void;
  readonly createWorker?: CreateWorker | undefined;
}

/**
 * Opens a Worker, and restarts it with a back-off whenever it crashes.
 *
 * @throws what the Worker passed to `refuseCalls`, or a SourceError, if the first start fails
 */
export function openWorker<Offered extends Handlers>(options: OpenWorkerOptions<Offered>): Promise<Calls<Offered>> {
  const { name, url, argv, clock, onEvent = () => {}, onStarted = async () => {}, onLost } = options;
  const { createWorker = (script, args) => new Worker(script, { argv: args }) } = options;
  return superviseCalls<Offered>({
    name,
    async start(lost) {
      const calls = await connectCalls<Offered>(createWorker(url, argv()), { name, onEvent, onLost: lost });
      try {
        await onStarted(calls);
      } catch (error) {
        calls.terminate();
        throw error;
      }
      return calls;
    },
    clock,
    random: Math.random,
    onLost,
  });
}
