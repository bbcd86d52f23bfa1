import { createSerialQueue } from '../runtime/serial-queue.ts';
import { closestName } from './closest-name.ts';
import type { Connection } from './connection.ts';
import type { FrameErrorCode } from './messages.ts';

/** Queued invocations of one client; the next one is refused. */
const MOST_QUEUED = 16;

/** Why an invocation failed, for its caller alone. */
export interface InvocationError {
  readonly code: FrameErrorCode;
  readonly message: string;
}

/** Called when an invocation has ended; `error` is null if it succeeded. */
export type Settle = (error: InvocationError | null) => void;

/**
 * Runs the invocations of one client: one at a time, answered in the order they came, while pings are answered at once.
 * A failure is a message to the caller, never an exception.
 */
export class Dispatcher {
  readonly #connection: Connection;
  readonly #onError: (error: unknown) => void;
  #queued = 0;
  readonly #queue = createSerialQueue();

  /** @param onError called with unexpected errors */
  constructor(connection: Connection, onError: (error: unknown) => void) {
    this.#connection = connection;
    this.#onError = onError;
  }

  /** @param settle called exactly once */
  invoke(method: string, settle: Settle): void {
    if (this.#queued >= MOST_QUEUED) {
      settle({
        code: 'busy',
        message: `At most ${MOST_QUEUED} invocations may wait; ask again when some are answered`,
      });
      return;
    }
    this.#queued++;
    const answer = methodNamed(method)?.(this.#connection, method) ?? refuseUnknown(method);
    void this.#queue(() => this.#run(method, answer, settle));
  }

  async #run(method: string, answer: Answer, settle: Settle): Promise<void> {
    try {
      settle((await answer()) ?? null);
    } catch (error) {
      this.#onError(error);
      settle({ code: 'internal', message: `${method} failed` });
    } finally {
      this.#queued--;
    }
  }
}

type Outcome = InvocationError | undefined;

/** The remaining work of an invocation; runs when its turn comes. */
type Answer = () => Outcome | Promise<Outcome>;

/** Begins an invocation. @param name as the client wrote it */
type Method = (connection: Connection, name: string) => Answer;

/** The methods that every hub has (contract, section 5). Their arguments are ignored. */
const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['getinitialdata', (connection) => succeed(() => connection.sendInitialData())],
  ['forceupdate', forceUpdate],
  ['subscribetostatus', (connection) => succeed(() => sendStatus(connection))],
]);

/** Whether a method with this name exists. */
export function isMethod(name: string): boolean {
  return methodNamed(name) !== undefined;
}

/** Names compare without letter case, as SignalR's do. */
function methodNamed(name: string): Method | undefined {
  const lower = name.toLowerCase();
  return METHODS.get(lower) ?? (/^subscribe./s.test(lower) ? confirmSubscription : undefined);
}

/** The names of methods, other than `Subscribe…`, as documented. The stream is for SignalR only. */
const METHOD_NAMES = ['GetInitialData', 'ForceUpdate', 'SubscribeToStatus', 'StreamSnapshots'];

/** The method that an unknown name probably means. */
export function closestMethod(name: string): string | undefined {
  return closestName(name, METHOD_NAMES);
}

function refuseUnknown(name: string): Answer {
  const meant = closestMethod(name);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const message = `Unknown method${hint}; the methods are GetInitialData, ForceUpdate, SubscribeToStatus and Subscribe…`;
  return () => ({ code: 'unknown-method', message });
}

function confirmSubscription(connection: Connection, name: string): Answer {
  const { hub } = connection;
  return succeed(() => connection.send({ kind: 'subscription-confirmed', hub, topic: topicNamed(name) }));
}

function succeed(act: () => void): Answer {
  return () => {
    act();
    return undefined;
  };
}

/** The refresh starts immediately, not in its turn, so that many calls share one refresh. */
function forceUpdate(connection: Connection): Answer {
  const { hub, topics } = connection;
  const refreshes = Promise.all(topics.map((topic) => topic.refresh()));
  return async () => {
    const failed = (await refreshes).find(({ status }) => status === 'error');
    connection.send({ kind: 'update-processed', hub, outcome: failed ?? { status: 'ok' } });
    return undefined;
  };
}

function sendStatus(connection: Connection): void {
  const { hub, topics } = connection;
  connection.send({ kind: 'subscription-confirmed', hub, topic: 'Status' });
  for (const topic of topics) connection.send(topic.status());
  connection.followStatus();
}

/** `SubscribeToClaims` and `SubscribeClaims` are about the topic `Claims`. */
function topicNamed(method: string): string {
  return method.replace(/^subscribe(to)?(?=.)/i, '');
}
