import type { Server } from 'bun';
import { Subject } from 'rxjs';
import type { Channel, Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';

/** A subscriber's place in a broadcast: it has everything up to a position, and the initial frames unless they are due. */
export interface Place {
  position: number;
  /** Why the initial frames are due: the client is new, or asked for `InitialData`. */
  initial: 'Initial' | 'InitialData' | null;
}

/** Encodes the next frames for a place, and moves the place behind them. */
export type Read = (place: Place, dialect: Dialect) => readonly Frame[];

/** The server whose Bun topics carry the frames; undefined before it listens. */
export type Publisher = () => Pick<Server<unknown>, 'publish'> | undefined;

/** The interface of a connection to its broadcasts. */
export interface Subscriber {
  readonly dialect: Dialect;
  readonly channel: Channel;
  /** Whether it lags behind in any broadcast. */
  readonly behind: boolean;
  /** Continues in all of its broadcasts while nothing is unsent. */
  catchUp(): void;
}

/**
 * Sends each publication to every subscriber. It is encoded once per dialect. Subscribers that keep up get it from a Bun
 * topic, those that lag behind read it from a cursor.
 */
export class Broadcast {
  /** A value after each publication. */
  readonly published = new Subject<void>();
  readonly #name: string;
  readonly #server: Publisher;
  readonly #cursors = new Set<Cursor>();

  /** @param position of the last publication */
  constructor(
    name: string,
    readonly read: Read,
    server: Publisher,
    public position = 0,
  ) {
    this.#name = name;
    this.#server = server;
  }

  /** @param initial null if only later publications are wanted */
  subscribe(subscriber: Subscriber, initial: Place['initial']): Cursor {
    const cursor = new Cursor(this, subscriber, initial);
    this.#cursors.add(cursor);
    return cursor;
  }

  unsubscribe(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  /**
   * @param position greater than that of every publication before
   * @throws the first error of reading or encoding, after everyone else was served
   */
  publish(position: number): void {
    const before = this.position;
    this.position = position;
    const dialects = new Set<Dialect>();
    const readers: Subscriber[] = [];
    for (const cursor of this.#cursors) {
      if (cursor.moveWithTopic()) dialects.add(cursor.subscriber.dialect);
      else readers.push(cursor.subscriber);
    }
    const errors = [
      ...attemptAll(dialects, (dialect) => this.#publishTo(dialect, before)),
      ...attemptAll(readers, (reader) => reader.catchUp()),
    ];
    this.published.next();
    if (errors.length > 0) throw errors[0];
  }

  #publishTo(dialect: Dialect, before: number): void {
    for (const { data } of this.read({ position: before, initial: null }, dialect)) {
      // Compression would run per subscriber although the frame is the same for all.
      this.#server()?.publish(this.topicOf(dialect), data, false);
    }
  }

  topicOf(dialect: Dialect): string {
    return `${this.#name}/${dialect.name}`;
  }

  /** Number of subscribers that are up to date. */
  get following(): number {
    return this.#cursors.size - this.behind;
  }

  /** Number of subscribers that lag behind. */
  get behind(): number {
    return [...this.#cursors].filter(({ subscriber }) => subscriber.behind).length;
  }
}

/** The state of one subscriber in one broadcast. Its size does not depend on how far the subscriber lags. */
export class Cursor implements Place {
  position: number;
  /** Whether the subscriber is in Bun's topic; true only while it is up to date. */
  #joined = false;

  constructor(
    readonly broadcast: Broadcast,
    readonly subscriber: Subscriber,
    public initial: Place['initial'],
  ) {
    this.position = broadcast.position;
  }

  get behind(): boolean {
    return this.initial !== null || this.position < this.broadcast.position;
  }

  join(): void {
    const { channel, dialect } = this.subscriber;
    if (this.#joined || channel.membership === null) return;
    channel.membership.join(this.broadcast.topicOf(dialect));
    this.#joined = true;
  }

  leave(): void {
    const { channel, dialect } = this.subscriber;
    if (this.#joined) channel.membership?.leave(this.broadcast.topicOf(dialect));
    this.#joined = false;
  }

  /** @returns false if Bun's topic must not carry the publication, because it would queue there behind unsent bytes */
  moveWithTopic(): boolean {
    if (this.#joined && this.subscriber.channel.unsentBytes() > 0) this.leave();
    if (this.#joined) this.position = this.broadcast.position;
    return this.#joined;
  }
}

/** @returns the errors */
function attemptAll<Item>(items: Iterable<Item>, work: (item: Item) => void): unknown[] {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      work(item);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}
