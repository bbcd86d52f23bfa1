import type { ElapsedMs } from '../runtime/clock.ts';
import type { Cursor, Subscriber } from './broadcast.ts';
import type { Channel, Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { ServerMessage } from './messages.ts';
import type { Topic } from './topic.ts';

/**
 * Limit of unsent bytes of answers. Beyond it, a client is disconnected: it keeps asking and does not read. Snapshots and
 * stream items do not count, so a client on a slow line gets its answers however large they are.
 */
const ANSWER_LIMIT_BYTES = 256 * 1024;

export interface ConnectionOptions {
  readonly id: string;
  readonly hub: string;
  readonly topics: readonly Topic[];
  readonly dialect: Dialect;
  readonly channel: Channel;
  /** Ends the connection with a reason: the client does not read its answers. */
  readonly onUnread: () => void;
}

/**
 * One client of a hub, with a cursor for each of its topics.
 *
 * While the client reads, Bun's topics carry the publications to it. With unsent bytes at a publication it leaves Bun's
 * topic; once everything has been sent it continues from its cursors, one topic at a time, and joins again. So at most one
 * snapshot or one page of notifications waits for a client, on however many topics, and nobody waits for the client.
 */
export class Connection implements Subscriber {
  readonly id: string;
  readonly hub: string;
  readonly topics: readonly Topic[];
  readonly dialect: Dialect;
  readonly channel: Channel;
  /** When the client was last heard from. */
  lastHeardAt: ElapsedMs = 0;
  readonly #onUnread: () => void;
  /** In reading order: the one read last comes last. */
  readonly #cursors: Set<Cursor>;
  #hearsStatus = false;
  #catchingUp = false;
  #closed = false;
  /** Bytes of answers sent since the buffer was last empty. */
  #answerBytes = 0;
  #onFinished: () => void = () => {};

  constructor({ id, hub, topics, dialect, channel, onUnread }: ConnectionOptions) {
    this.id = id;
    this.hub = hub;
    this.topics = topics;
    this.dialect = dialect;
    this.channel = channel;
    this.#onUnread = onUnread;
    this.#cursors = new Set(topics.map(({ content }) => content.subscribe(this, 'Initial')));
    if (dialect.statusForAll) this.#subscribeToStatus('Initial');
  }

  /** Bytes that the client has not taken yet. */
  get unsentBytes(): number {
    return this.channel.unsentBytes();
  }

  get behind(): boolean {
    return [...this.#cursors].some(({ behind }) => behind);
  }

  /** Sends an answer to this client alone, or ends the connection. */
  send(message: ServerMessage): void {
    const frame = this.dialect.encode(message);
    if (frame !== null) this.sendFrame(frame);
  }

  /** Sends an answer to this client alone, or ends the connection. */
  sendFrame(frame: Frame): void {
    if (this.#closed) return;
    if (this.unsentBytes === 0) this.#answerBytes = 0;
    this.#answerBytes += frame.data.length;
    if (this.#answerBytes > ANSWER_LIMIT_BYTES) this.#onUnread();
    else this.channel.send(frame);
  }

  /** Sends an item of a stream. A stream sends one only when nothing is unsent, so its unsent bytes are bounded. */
  sendItem(frame: Frame): void {
    if (!this.#closed) this.channel.send(frame);
  }

  /** Sends everything again as to a new client, with `InitialData` if the dialect has it. */
  sendInitialData(): void {
    for (const cursor of this.#cursors) {
      cursor.leave();
      cursor.initial = 'InitialData';
    }
    this.catchUp();
  }

  /** From now on every change of status is sent too. */
  followStatus(): void {
    if (!this.#hearsStatus && !this.#closed) this.#subscribeToStatus(null);
    this.catchUp();
  }

  /** The client has taken bytes. */
  drained(): void {
    if (this.unsentBytes === 0) this.#answerBytes = 0;
    this.catchUp();
  }

  catchUp(): void {
    // A channel may call back during a send.
    if (this.#catchingUp) return;
    this.#catchingUp = true;
    try {
      for (const cursor of this.#cursors) {
        if (this.#closed || this.unsentBytes > 0) break;
        if (cursor.behind) this.#read(cursor);
        else cursor.join();
      }
    } finally {
      this.#catchingUp = false;
    }
    if (!this.#closed && this.unsentBytes === 0) this.#onFinished();
  }

  /** Calls back once the client has the newest of each topic and nothing is unsent. */
  finish(onFinished: () => void): void {
    this.#onFinished = onFinished;
    this.catchUp();
  }

  /** The client has disconnected. */
  leave(): void {
    this.#closed = true;
    for (const cursor of this.#cursors) {
      cursor.leave();
      cursor.broadcast.unsubscribe(cursor);
    }
  }

  /** Moves the cursor to the end of the loop, so that a busy topic does not starve the others. */
  #read(cursor: Cursor): void {
    this.#cursors.delete(cursor);
    this.#cursors.add(cursor);
    for (const frame of cursor.broadcast.read(cursor, this.dialect)) this.channel.send(frame);
  }

  #subscribeToStatus(initial: 'Initial' | null): void {
    this.#hearsStatus = true;
    for (const { statuses } of this.topics) if (statuses !== null) this.#cursors.add(statuses.subscribe(this, initial));
  }
}
