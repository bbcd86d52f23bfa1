import type { Connection } from './connection.ts';
import type { ClientMessage, FrameErrorCode } from './messages.ts';

/** Invocations of one client that may wait for their turn; the next one is refused. */
const MOST_WAITING = 16;

/** A refusal of an invocation, for its caller alone. */
class InvocationError extends Error {
  override readonly name = 'InvocationError';

  constructor(
    readonly code: FrameErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs what a client asks for: one invocation at a time a connection, answered in the order they came, while pings are
 * answered at once. What goes wrong is a message to the caller, never an exception.
 */
export class Dispatcher {
  readonly #connection: Connection;
  readonly #onError: (error: unknown) => void;
  #waiting = 0;
  #turn: Promise<void> = Promise.resolve();

  /** @param onError told of errors that nobody foresaw */
  constructor(connection: Connection, onError: (error: unknown) => void) {
    this.#connection = connection;
    this.#onError = onError;
  }

  dispatch(message: ClientMessage): void {
    if (message.kind === 'ping') {
      this.#connection.send({ kind: 'pong', timestamp: message.timestamp });
      return;
    }
    if (this.#waiting >= MOST_WAITING) {
      this.#refuse('busy', `At most ${MOST_WAITING} invocations may wait; ask again when some are answered`);
      return;
    }
    this.#waiting++;
    const answer = begin(this.#connection, message.method);
    this.#turn = this.#turn.then(() => this.#run(message.method, answer));
  }

  async #run(method: string, answer: Answer): Promise<void> {
    try {
      await answer();
    } catch (error) {
      if (error instanceof InvocationError) this.#refuse(error.code, error.message);
      else {
        this.#onError(error);
        this.#refuse('internal', `${method} failed`);
      }
    } finally {
      this.#waiting--;
    }
  }

  #refuse(code: FrameErrorCode, message: string): void {
    this.#connection.send({ kind: 'error', code, message });
  }
}

/** What is left of an invocation once it has begun; run when its turn comes. */
type Answer = () => void | Promise<void>;

/**
 * The methods that every hub has (contract, section 5). Their arguments are ignored. Names compare without letter case,
 * as SignalR's do. The answer throws an InvocationError for a method that does not exist.
 */
function begin(connection: Connection, method: string): Answer {
  const name = method.toLowerCase();
  if (name === 'getinitialdata') return () => connection.sendNewest();
  if (name === 'forceupdate') return forceUpdate(connection);
  if (name === 'subscribetostatus') return () => sendStatus(connection);
  if (name.startsWith('subscribe') && name.length > 'subscribe'.length) {
    return () => connection.send({ kind: 'subscription-confirmed', hub: connection.hub, topic: topicNamed(method) });
  }
  return () => {
    throw new InvocationError(
      'unknown-method',
      'Unknown method; the methods are GetInitialData, ForceUpdate, SubscribeToStatus and Subscribe…',
    );
  };
}

/** The refresh is asked for at once, not in its turn: so many calls of one client become one refresh, as those of many do. */
function forceUpdate(connection: Connection): Answer {
  const { hub, topics } = connection;
  const refreshes = Promise.all(topics.map((topic) => topic.refresh()));
  return async () => {
    const failed = (await refreshes).find(({ status }) => status === 'error');
    connection.send({ kind: 'update-processed', hub, outcome: failed ?? { status: 'ok' } });
  };
}

function sendStatus(connection: Connection): void {
  const { hub, topics } = connection;
  connection.send({ kind: 'subscription-confirmed', hub, topic: 'Status' });
  for (const topic of topics) connection.send(topic.status());
}

/** `SubscribeToClaims` and `SubscribeClaims` are about the topic `Claims`. */
function topicNamed(method: string): string {
  return method.replace(/^subscribe(to)?(?=.)/i, '');
}
