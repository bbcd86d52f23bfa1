import { SourceError } from '../runtime/source-errors.ts';
import { decodeError, type EncodedError, encodeError } from './encode-error.ts';

/**
 * Calls from the event loop to a Worker: one message to it and one back, in the order of the calls.
 */

/** A Worker crashed. Its uncaught error is the cause; its text is not part of the message. */
export class WorkerLostError extends SourceError {}

/** The methods of a Worker. Arguments and results are structured clones. */
export type Handlers = Readonly<Record<string, (...args: never[]) => unknown>>;

interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'event'; readonly event: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number | null; readonly error: EncodedError };

/** The Worker's end of the message port. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent<CallMessage>) => void) | null;
  postMessage(reply: Reply): void;
}

/** The part of a `Worker` that is used; tests may use a port in their own thread. */
export interface WorkerHandle {
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  addEventListener?(type: 'close', listener: () => void): void;
  postMessage(call: CallMessage): void;
  terminate(): void;
}

/** The event loop's end. */
export interface Calls<Offered extends Handlers> {
  /** @throws SourceError if the Worker has ended, or what the handler throws */
  call<Method extends keyof Offered & string>(
    method: Method,
    ...args: Parameters<Offered[Method]>
  ): Promise<Awaited<ReturnType<Offered[Method]>>>;
  /** Ends the Worker and rejects calls in flight. */
  terminate(): void;
}

/**
 * Answers calls inside a Worker, and reports that it is ready.
 *
 * @returns a function that sends an event to the event loop
 */
export function serveCalls(port: WorkerPort, handlers: Handlers): (event: unknown) => void {
  const answer = async ({ id, method, args }: CallMessage) => {
    try {
      const handler = handlers[method];
      if (handler === undefined) throw new TypeError(`The Worker has no method ${method}`);
      // The types were checked where the call was made.
      const result: unknown = await Reflect.apply(handler, undefined, args);
      port.postMessage({ kind: 'result', id, result });
    } catch (error) {
      port.postMessage({ kind: 'error', id, error: encodeError(error) });
    }
  };
  port.onmessage = ({ data }) => void answer(data);
  port.postMessage({ kind: 'ready' });
  return (event) => port.postMessage({ kind: 'event', event });
}

/** Reports from inside a Worker that it cannot serve. */
export function refuseCalls(port: Pick<WorkerPort, 'postMessage'>, error: unknown): void {
  port.postMessage({ kind: 'error', id: null, error: encodeError(error) });
}

export interface ConnectOptions {
  /** Names the Worker in errors: `The mirror`. */
  readonly name: string;
  readonly onEvent?: (event: unknown) => void;
  /** Called once if the Worker crashes after it was ready; the cause of the error says why. */
  readonly onLost?: (error: SourceError) => void;
}

/**
 * Waits until a Worker that calls `serveCalls` is ready.
 *
 * @throws the error that the Worker passed to `refuseCalls`, or a SourceError if it ends before it is ready
 */
export async function connectCalls<Offered extends Handlers>(
  worker: WorkerHandle,
  { name, onEvent = () => {}, onLost = () => {} }: ConnectOptions,
): Promise<Calls<Offered>> {
  const pending = new PendingCalls();
  const ready = Promise.withResolvers<void>();
  let isReady = false;

  const fail = (error: unknown) => {
    ready.reject(error);
    return pending.fail(error);
  };
  const lose = (cause?: unknown) => {
    const error = new WorkerLostError(`${name} stopped`, { cause });
    if (fail(error) && isReady) onLost(error);
  };
  worker.onmessage = ({ data: reply }) => {
    if (reply.kind === 'ready') ready.resolve();
    else if (reply.kind === 'event') onEvent(reply.event);
    else if (reply.kind === 'error' && reply.id === null) fail(decodeError(reply.error));
    else pending.settle(reply);
  };
  worker.onerror = (event) => lose(event.error ?? event.message);
  worker.addEventListener?.('close', () => lose());
  try {
    await ready.promise;
  } catch (error) {
    worker.terminate();
    throw error;
  }
  isReady = true;

  return {
    // The Worker passed the same handlers to `serveCalls`.
    call: <Method extends keyof Offered & string>(method: Method, ...args: Parameters<Offered[Method]>) =>
      pending.add((id) => worker.postMessage({ id, method, args })) as Promise<Awaited<ReturnType<Offered[Method]>>>,
    terminate() {
      fail(new SourceError(`${name} was closed`));
      worker.terminate();
    },
  };
}

/** Calls that are not answered yet. After `fail`, every call rejects with its error. */
class PendingCalls {
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #failure: { readonly error: unknown } | null = null;

  /** @param send sends the call; if it throws, the promise rejects */
  add(send: (id: number) => void): Promise<unknown> {
    if (this.#failure !== null) return Promise.reject(this.#failure.error);
    const id = ++this.#lastId;
    const call = Promise.withResolvers<unknown>();
    try {
      send(id);
      this.#calls.set(id, call);
    } catch (error) {
      call.reject(error);
    }
    return call.promise;
  }

  settle(reply: Extract<Reply, { kind: 'result' | 'error' }>): void {
    if (reply.id === null) return;
    const call = this.#calls.get(reply.id);
    this.#calls.delete(reply.id);
    if (reply.kind === 'result') call?.resolve(reply.result);
    else call?.reject(decodeError(reply.error));
  }

  /** @returns false if they had failed before: the first error counts */
  fail(error: unknown): boolean {
    if (this.#failure !== null) return false;
    this.#failure = { error };
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear();
    return true;
  }
}
