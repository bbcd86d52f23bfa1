import type { ServerWebSocket } from 'bun';
import type { Identity } from '../access/identity.ts';
import type { Moment } from '../runtime/actor-state.ts';
import type { Close } from './close-codes.ts';
import type { ServerMessage } from './messages.ts';
import type { Protocol } from './protocols/protocol.ts';
import type { Follower, Topic } from './topic.ts';

/**
 * Beyond this many bytes of answers that wait for a client it gets no more of them: it asks without end and does not read.
 * Snapshots that wait do not count, so that a client on a slow line gets its answers however large the snapshots are.
 */
const ANSWER_LIMIT_BYTES = 256 * 1024;

export interface ConnectionOptions {
  readonly id: string;
  readonly hub: string;
  readonly topics: readonly Topic[];
  readonly protocol: Protocol;
  readonly identity: Identity;
  readonly socket: ServerWebSocket<unknown>;
}

/**
 * One client of a hub.
 *
 * It is either *following*, when publications reach it through Bun's topics, or *behind*, when it fetches the newest
 * frame of each topic that it lacks, one at a time, whenever everything sent before has left. A newcomer starts behind
 * on every topic; a client with unsent bytes at a publication falls behind, skips what it misses, and catches up when
 * it reads again. So what waits for it is one snapshot at most, on however many topics, and nobody waits for it.
 */
export class Connection implements Follower {
  readonly id: string;
  readonly hub: string;
  readonly topics: readonly Topic[];
  readonly protocol: Protocol;
  readonly identity: Identity;
  /** When the client was last heard of. */
  lastHeardAt: Moment = 0;
  readonly #socket: ServerWebSocket<unknown>;
  /** Topics whose newest snapshot is still to be sent, and why. */
  readonly #lacking: Map<Topic, 'Initial' | 'Auto'>;
  /** Topics whose status is still to be sent. */
  readonly #lackingStatus = new Set<Topic>();
  /** Bytes of answers since everything had left. */
  #answerBytes = 0;
  #following = false;
  #closed = false;
  /** How to close once nothing is lacking. */
  #closeAtLast: Close | undefined;

  constructor({ id, hub, topics, protocol, identity, socket }: ConnectionOptions) {
    this.id = id;
    this.hub = hub;
    this.topics = topics;
    this.protocol = protocol;
    this.identity = identity;
    this.#socket = socket;
    this.#lacking = new Map(topics.map((topic) => [topic, 'Initial']));
    for (const topic of topics) topic.fallBehind(this);
  }

  /** Bytes that wait for the client to read. */
  get unsentBytes(): number {
    return this.#socket.getBufferedAmount();
  }

  get isFollowing(): boolean {
    return this.#following;
  }

  /** A message for this client alone. Dropped where the client has stopped reading. */
  send(message: ServerMessage): void {
    if (this.#closed) return;
    if (this.unsentBytes === 0) this.#answerBytes = 0;
    if (this.#answerBytes > ANSWER_LIMIT_BYTES) return;
    const frame = this.protocol.encode(message);
    this.#answerBytes += frame.length;
    this.#sendFrame(frame);
  }

  /** Sends the newest of each topic again, as to a newcomer. */
  sendNewest(): void {
    if (this.#closed) return;
    for (const topic of this.topics) this.#lacking.set(topic, 'Initial');
    this.#stopFollowing();
    this.catchUp();
  }

  /** Bytes have left: the client reads. */
  drained(): void {
    if (this.unsentBytes === 0) this.#answerBytes = 0;
    this.catchUp();
  }

  /** Sends what is lacking as far as the client reads; once nothing is, the client follows, or is closed at last. */
  catchUp(): void {
    if (this.#closed || this.#following) return;
    this.#sendLacking();
    if (this.unsentBytes > 0) return;
    if (this.#closeAtLast === undefined) this.#startFollowing();
    else this.close(this.#closeAtLast);
  }

  missed(topic: Topic, what: 'snapshot' | 'status'): void {
    if (what === 'status') this.#lackingStatus.add(topic);
    else if (!this.#lacking.has(topic)) this.#lacking.set(topic, 'Auto');
    this.catchUp();
  }

  fallBehindIfSlow(): void {
    if (this.#following && this.unsentBytes > 0) this.#stopFollowing();
  }

  ping(): void {
    if (!this.#closed) this.#socket.ping();
  }

  close({ code, reason }: Close): void {
    if (!this.#closed) this.#socket.close(code, reason);
  }

  /** Closes when the client has read all that waits for it, and has the newest of each topic. */
  closeAtLast(close: Close): void {
    this.#closeAtLast = close;
    this.#stopFollowing();
    this.catchUp();
  }

  /** Ends the connection at once, without a close frame that nobody would read. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** The socket has gone. */
  leave(): void {
    this.#closed = true;
    for (const topic of this.topics) topic.leave(this);
  }

  /** One frame at a time: the next only when nothing waits any more. */
  #sendLacking(): void {
    for (const [topic, reason] of this.#lacking) {
      if (this.unsentBytes > 0) return;
      this.#lacking.delete(topic);
      const frame = topic.newestFrame(this.protocol, reason);
      if (frame !== undefined) this.#sendFrame(frame);
      if (reason === 'Initial' && topic.status().since !== null) this.#lackingStatus.add(topic);
    }
    for (const topic of this.#lackingStatus) {
      if (this.unsentBytes > 0) return;
      this.#lackingStatus.delete(topic);
      this.#sendFrame(this.protocol.encode(topic.status()));
    }
  }

  #sendFrame(frame: string | Uint8Array): void {
    this.#socket.send(frame, false);
  }

  #startFollowing(): void {
    this.#following = true;
    for (const topic of this.topics) {
      this.#socket.subscribe(topic.channel(this.protocol));
      topic.follow(this);
    }
  }

  #stopFollowing(): void {
    if (!this.#following) return;
    this.#following = false;
    for (const topic of this.topics) {
      this.#socket.unsubscribe(topic.channel(this.protocol));
      topic.fallBehind(this);
    }
  }
}
