import type { Frame } from '../channel.ts';
import type { Connection } from '../connection.ts';
import { closestMethod, type Dispatcher, isMethod } from '../dispatcher.ts';
import { type ClientRecord, RECORD, type ServerRecord } from './records.ts';
import { SnapshotStream } from './snapshot-stream.ts';

/** Streams that one client may hold open. */
const MOST_STREAMS = 16;
/** The one method that is a stream. */
const STREAM_METHOD = 'streamsnapshots';

/**
 * What a client of the SignalR protocol invokes: methods one at a time, in the order they came, and streams beside them.
 * Every invocation that has an id gets exactly one completion; error messages are those of ASP.NET Core, which
 * clients may compare.
 */
export class Invocations {
  readonly #connection: Connection;
  readonly #dispatcher: Dispatcher;
  readonly #encode: (record: ServerRecord) => Frame;
  readonly #streams = new Map<string, SnapshotStream>();

  constructor(connection: Connection, dispatcher: Dispatcher, encode: (record: ServerRecord) => Frame) {
    this.#connection = connection;
    this.#dispatcher = dispatcher;
    this.#encode = encode;
  }

  take(record: ClientRecord): void {
    switch (record.type) {
      case RECORD.invocation:
        this.#invoke(record.target, record.invocationId);
        break;
      case RECORD.streamInvocation:
        this.#stream(record.target, record.invocationId);
        break;
      case RECORD.cancelInvocation:
        this.#cancel(record.invocationId);
        break;
      default:
      // Streams that a client uploads are for methods with arguments, and ours have none.
    }
  }

  /** Sends every stream its newest items, as far as the client reads. */
  catchUp(): void {
    for (const stream of this.#streams.values()) stream.catchUp();
  }

  /** Ends the streams without a completion. */
  stop(): void {
    for (const stream of this.#streams.values()) stream.stop();
    this.#streams.clear();
  }

  #invoke(target: string, invocationId: string | undefined): void {
    if (target.toLowerCase() === STREAM_METHOD) {
      this.#complete(invocationId, wrongInvocation('streaming', target, 'non-streaming'));
      return;
    }
    this.#dispatcher.invoke(target, (error) => {
      if (error === null) this.#complete(invocationId);
      else if (error.code === 'unknown-method') this.#complete(invocationId, unknownMethod(target));
      else this.#complete(invocationId, failure(target, error.message));
    });
  }

  #stream(target: string, invocationId: string): void {
    if (target.toLowerCase() !== STREAM_METHOD) {
      const known = isMethod(target);
      this.#complete(
        invocationId,
        known ? wrongInvocation('non-streaming', target, 'streaming') : unknownMethod(target),
      );
      return;
    }
    if (this.#streams.has(invocationId)) {
      this.#complete(invocationId, `Invocation ID '${invocationId}' is already in use.`);
      return;
    }
    if (this.#streams.size >= MOST_STREAMS) {
      this.#complete(invocationId, failure(target, `At most ${MOST_STREAMS} streams may be open.`));
      return;
    }
    const stream = new SnapshotStream({
      connection: this.#connection,
      send: (item) => this.#connection.sendItem(this.#encode({ type: RECORD.streamItem, invocationId, item })),
      onEnd: () => this.#cancel(invocationId),
    });
    this.#streams.set(invocationId, stream);
    stream.catchUp();
  }

  #cancel(invocationId: string): void {
    const stream = this.#streams.get(invocationId);
    if (stream === undefined) return;
    this.#streams.delete(invocationId);
    stream.stop();
    this.#complete(invocationId);
  }

  #complete(invocationId: string | undefined, error?: string): void {
    if (invocationId === undefined) return;
    const completion = { type: RECORD.completion, invocationId, ...(error === undefined ? {} : { error }) };
    this.#connection.sendFrame(this.#encode(completion));
  }
}

function unknownMethod(target: string): string {
  const meant = closestMethod(target);
  return failure(target, `Method does not exist.${meant === undefined ? '' : ` Did you mean '${meant}'?`}`);
}

function wrongInvocation(kind: string, target: string, invocation: string): string {
  return `The client attempted to invoke the ${kind} '${target.slice(0, 100)}' method with a ${invocation} invocation.`;
}

function failure(target: string, message: string): string {
  return `Failed to invoke '${target.slice(0, 100)}' due to an error on the server. HubException: ${message}`;
}
