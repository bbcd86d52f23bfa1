import { SourceError } from '../runtime/source-errors.ts';
import { decodeError, type EncodedError, encodeError } from './encode-error.ts';

/**
 * Calls from the event loop to a Worker: one message there, one back, in the order in which they were made.
 */

/** A Worker ended by itself. The uncaught error is the cause, not the message: its text is not for people. */
export class WorkerLostError extends SourceError {}

/** The methods of a Worker. Arguments and results have to survive a structured clone. */
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

/** The used part of a `Worker`; tests may use a port in their own thread. */
export interface WorkerHandle {
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  addEventListener?(type: 'close', listener: () => void): void;
  postMessage(call: CallMessage): void;
  terminate(): void;
}

/** The event loop's end. */
export interface Calls<Offered extends Handlers> {
  /** @throws SourceError if the Worker has ended, and what the handler throws */
  call<Method extends keyof Offered & string>(
    method: Method,
    ...args: Parameters<Offered[Method]>
  ): Promise<Awaited<ReturnType<Offered[Method]>>>;
  /** Ends the Worker; calls in flight are rejected. */
  terminate(): void;
}

/**
 * Answers calls inside a Worker, and reports that it is ready.
 *
 * @returns sends an event to the event loop
 */
export function serveCalls(port: WorkerPort, handlers: Handlers): (event: unknown) => void {
  const answer = async ({ id, method, args }: CallMessage) => {
    try {
      const handler = handlers[method];
      if (handler === undefined) throw new TypeError(`The Worker has no method ${method}`);
      // The caller's types are those of the handlers.
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
  /** Called once when the Worker has ended by itself after it was ready; its cause says why. */
  readonly onLost?: (error: SourceError) => void;
}

/**
 * Waits until a Worker that ends up in `serveCalls` is ready.
 *
 * @throws what the Worker gave to `refuseCalls`, SourceError when it ends before it is ready
 */
export async function connectCalls<Offered extends Handlers>(
  worker: WorkerHandle,
  { name, onEvent = () => {}, onLost = () => {} }: ConnectOptions,
): Promise<Calls<Offered>> {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  let lastId = 0;
  let isReady = false;
  let gone: unknown;

  const fail = (error: unknown) => {
    if (gone !== undefined) return;
    gone = error;
    ready.reject(error);
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  const lose = (cause?: unknown) => {
    if (gone !== undefined) return;
    const error = new WorkerLostError(`${name} stopped`, { cause });
    fail(error);
    if (isReady) onLost(error);
  };
  worker.onmessage = ({ data: reply }) => {
    if (reply.kind === 'ready') ready.resolve();
    else if (reply.kind === 'event') onEvent(reply.event);
    else if (reply.kind === 'error' && reply.id === null) fail(decodeError(reply.error));
    else settle(pending, reply);
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

  const send = (method: string, args: readonly unknown[]): Promise<unknown> => {
    if (gone !== undefined) return Promise.reject(gone);
    const id = ++lastId;
    const waiting = Promise.withResolvers<unknown>();
    try {
      worker.postMessage({ id, method, args });
      pending.set(id, waiting);
    } catch (error) {
      waiting.reject(error);
    }
    return waiting.promise;
  };

  return {
    // The handler's own types: `serveCalls` was given the same handlers.
    call: <Method extends keyof Offered & string>(method: Method, ...args: Parameters<Offered[Method]>) =>
      send(method, args) as Promise<Awaited<ReturnType<Offered[Method]>>>,
    terminate() {
      fail(new SourceError(`${name} was closed`));
      worker.terminate();
    },
  };
}

function settle(
  pending: Map<number, PromiseWithResolvers<unknown>>,
  reply: Extract<Reply, { kind: 'result' | 'error' }>,
): void {
  if (reply.id === null) return;
  const waiting = pending.get(reply.id);
  pending.delete(reply.id);
  if (reply.kind === 'result') waiting?.resolve(reply.result);
  else waiting?.reject(decodeError(reply.error));
}
