import type { Connection } from './connection.ts';
import type { ClientMessage, FrameErrorCode } from './messages.ts';

/** Invocations of one client that may wait for their turn; the next one is refused. */
const MOST_WAITING = 16;

/** A refusal of an invocation, for its caller alone. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';

  constructor(
    readonly code: FrameErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs what a client asks for: one invocation at a time a connection, in the order they came, while pings are answered
 * at once. What goes wrong is a message to the caller, never an exception.
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
    this.#turn = this.#turn.then(() => this.#run(message.method));
  }

  async #run(method: string): Promise<void> {
    try {
      await invoke(this.#connection, method);
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

/**
 * The methods that every hub has (contract, section 5). Their arguments are ignored. Names compare without letter case,
 * as SignalR's do.
 *
 * @throws InvocationError for a method that does not exist
 */
async function invoke(connection: Connection, method: string): Promise<void> {
  const name = method.toLowerCase();
  if (name === 'getinitialdata') return connection.sendNewest();
  if (name === 'forceupdate') return forceUpdate(connection);
  if (name === 'subscribetostatus') return sendStatus(connection);
  if (name.startsWith('subscribe') && name.length > 'subscribe'.length) {
    return connection.send({ kind: 'subscription-confirmed', hub: connection.hub, topic: topicNamed(method) });
  }
  throw new InvocationError(
    'unknown-method',
    'Unknown method; the methods are GetInitialData, ForceUpdate, SubscribeToStatus and Subscribe…',
  );
}

async function forceUpdate(connection: Connection): Promise<void> {
  const { hub, topics } = connection;
  const outcomes = await Promise.all(topics.map((topic) => topic.refresh()));
  const failed = outcomes.find(({ status }) => status === 'error');
  connection.send({ kind: 'update-processed', hub, outcome: failed ?? { status: 'ok' } });
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
