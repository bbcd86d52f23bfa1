import type { Moment } from '../runtime/actor-state.ts';
import type { Channel, Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { FetchReason, Follower, PublishedMessage, Topic } from './following.ts';
import type { ServerMessage } from './messages.ts';

/**
 * Beyond this many bytes of answers that wait for a client its connection ends: it asks without end and does not read.
 * Snapshots and items of streams do not count, so that a client on a slow line gets its answers however large they are.
 */
const ANSWER_LIMIT_BYTES = 256 * 1024;

export interface ConnectionOptions {
  readonly id: string;
  readonly hub: string;
  readonly topics: readonly Topic[];
  readonly dialect: Dialect;
  readonly channel: Channel;
  /** Ends the connection with its reason: the client does not read its answers. */
  readonly onUnread: () => void;
}

/**
 * One client of a hub.
 *
 * It is either *following*, when publications reach it, or *behind*, when it fetches what it lacks of each topic, one
 * topic at a time, whenever everything sent before has left. A newcomer starts behind on every topic; a client with
 * unsent bytes at a publication falls behind, and catches up when it reads again: with the newest snapshot, and with the
 * notifications that it missed. So what waits for it is one snapshot at most, or some notifications, on however many
 * topics, and nobody waits for it.
 */
export class Connection implements Follower {
  readonly id: string;
  readonly hub: string;
  readonly topics: readonly Topic[];
  readonly dialect: Dialect;
  readonly hasMembership: boolean;
  /** When the client was last heard of. */
  lastHeardAt: Moment = 0;
  readonly #channel: Channel;
  readonly #onUnread: () => void;
  /** Topics of which something is still to be sent, and why. */
  readonly #lacking: Map<Topic, FetchReason>;
  /** Topics whose status is still to be sent. */
  readonly #lackingStatus = new Set<Topic>();
  /** Bytes of answers since everything had left. */
  #answerBytes = 0;
  #following = false;
  #wantsStatus = false;
  #closed = false;
  /** What to do once nothing is lacking, in place of following. */
  #atLast: (() => void) | undefined;

  constructor({ id, hub, topics, dialect, channel, onUnread }: ConnectionOptions) {
    this.id = id;
    this.hub = hub;
    this.topics = topics;
    this.dialect = dialect;
    this.hasMembership = channel.membership !== null;
    this.#channel = channel;
    this.#onUnread = onUnread;
    this.#lacking = new Map(topics.map((topic) => [topic, 'Initial']));
    for (const topic of topics) topic.fallBehind(this);
  }

  /** Bytes that wait for the client to read. */
  get unsentBytes(): number {
    return this.#channel.unsentBytes();
  }

  get keepsItselfAlive(): boolean {
    return this.#channel.keepsItselfAlive;
  }

  get transport(): Channel['transport'] {
    return this.#channel.transport;
  }

  get wantsStatus(): boolean {
    return this.#wantsStatus;
  }

  /** An answer for this client alone: it is sent, or the connection ends. */
  send(message: ServerMessage): void {
    const frame = this.dialect.encode(message);
    if (frame !== null) this.sendFrame(frame);
  }

  /** An answer for this client alone: it is sent, or the connection ends. */
  sendFrame(frame: Frame): void {
    if (this.#closed) return;
    if (this.unsentBytes === 0) this.#answerBytes = 0;
    this.#answerBytes += frame.data.length;
    if (this.#answerBytes > ANSWER_LIMIT_BYTES) this.#onUnread();
    else this.#channel.send(frame);
  }

  /** An item of a stream. Its stream sends one only when nothing waits, so what waits of it is bounded already. */
  sendItem(frame: Frame): void {
    if (!this.#closed) this.#channel.send(frame);
  }

  /** Sends the newest of each topic again, as to a newcomer, with `InitialData` where the dialect has that. */
  sendInitialData(): void {
    if (this.#closed) return;
    for (const topic of this.topics) this.#lacking.set(topic, 'InitialData');
    this.#stopFollowing();
    this.catchUp();
  }

  /** From now on every change of status is sent too. */
  followStatus(): void {
    this.#wantsStatus = true;
    if (!this.#following) return;
    for (const topic of this.topics) this.#channel.membership?.join(topic.channels(this.dialect).status);
  }

  /** Bytes have left: the client reads. */
  drained(): void {
    if (this.unsentBytes === 0) this.#answerBytes = 0;
    this.catchUp();
  }

  /** Sends what is lacking as far as the client reads; once nothing is, the client follows, or has all it will get. */
  catchUp(): void {
    if (this.#closed || this.#following) return;
    this.#sendLackingSnapshots();
    this.#sendLackingStatus();
    if (this.unsentBytes > 0) return;
    if (this.#atLast === undefined) this.#startFollowing();
    else this.#atLast();
  }

  /** Calls back once the client has read all that waits for it, and has the newest of each topic. */
  finish(atLast: () => void): void {
    this.#atLast = atLast;
    this.#stopFollowing();
    this.catchUp();
  }

  deliver(topic: Topic, frame: Frame, message: PublishedMessage): void {
    if (this.#closed) return;
    if (this.unsentBytes === 0) {
      this.#channel.send(frame);
      return;
    }
    this.#stopFollowing();
    this.missed(topic, message);
  }

  missed(topic: Topic, message: PublishedMessage): void {
    if (message.kind !== 'status') {
      // What somebody asked for is told as such, though it comes a little later than to the others.
      const lacking = this.#lacking.get(topic) ?? 'Auto';
      const reason = message.kind === 'snapshot' ? message.reason : 'Auto';
      this.#lacking.set(topic, lacking === 'Auto' ? reason : lacking);
    } else if (this.#hearsStatus) this.#lackingStatus.add(topic);
    this.catchUp();
  }

  fallBehindIfSlow(): void {
    if (this.#following && this.unsentBytes > 0) this.#stopFollowing();
  }

  /** The client has gone. */
  leave(): void {
    this.#closed = true;
    for (const topic of this.topics) topic.leave(this);
  }

  get #hearsStatus(): boolean {
    return this.dialect.statusForAll || this.#wantsStatus;
  }

  /** One fetch at a time: the next only when nothing waits any more. */
  #sendLackingSnapshots(): void {
    for (const [topic, reason] of this.#lacking) {
      if (this.unsentBytes > 0) return;
      this.#lacking.delete(topic);
      const { frames, more } = topic.fetch(this, reason);
      for (const frame of frames) this.#channel.send(frame);
      // Comes up again at the end of this very loop, where everything has left by then.
      if (more) this.#lacking.set(topic, 'Auto');
      // Whoever only missed an emission knows the status already, or has it among what it lacks.
      const fromTheStart = reason === 'Initial' || reason === 'InitialData';
      if (fromTheStart && this.#hearsStatus && topic.status().since !== null) this.#lackingStatus.add(topic);
    }
  }

  #sendLackingStatus(): void {
    for (const topic of this.#lackingStatus) {
      if (this.unsentBytes > 0) return;
      this.#lackingStatus.delete(topic);
      this.send(topic.status());
    }
  }

  #channels(topic: Topic): Set<string> {
    const { content, status } = topic.channels(this.dialect);
    return new Set(this.#hearsStatus ? [content, status] : [content]);
  }

  #startFollowing(): void {
    this.#following = true;
    for (const topic of this.topics) {
      for (const channel of this.#channels(topic)) this.#channel.membership?.join(channel);
      topic.follow(this);
    }
  }

  #stopFollowing(): void {
    if (!this.#following) return;
    this.#following = false;
    for (const topic of this.topics) {
      for (const channel of this.#channels(topic)) this.#channel.membership?.leave(channel);
      topic.fallBehind(this);
    }
  }
}
