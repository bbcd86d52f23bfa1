import type { Server } from 'bun';
import { Subject } from 'rxjs';
import type { Channel, Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';

/** What somebody has of a broadcast: everything up to a position, and the initial frames unless they are still due. */
export interface Place {
  position: number;
  /** Why the initial frames are due: the client is new, or asked for `InitialData`. */
  initial: 'Initial' | 'InitialData' | null;
}

/** Encodes the next frames for a place, and moves the place behind them. */
export type Read = (place: Place, dialect: Dialect) => readonly Frame[];

/** The server whose Bun topics carry the frames; undefined before it listens. */
export type Publisher = () => Pick<Server<unknown>, 'publish'> | undefined;

/** A connection, as a broadcast sees it. */
export interface Subscriber {
  readonly dialect: Dialect;
  readonly channel: Channel;
  /** Whether it lacks something in any of its broadcasts. */
  readonly behind: boolean;
  /** Reads on in all of its broadcasts, as far as nothing is unsent. */
  catchUp(): void;
}

/**
 * Sends each publication to every subscriber: encoded once a dialect and published to one Bun topic for those that keep
 * up, read from a cursor by those that do not.
 */
export class Broadcast {
  /** A value after each publication. */
  readonly published = new Subject<void>();
  readonly #name: string;
  readonly #server: Publisher;
  readonly #cursors = new Set<Cursor>();

  /** @param position of what was published before */
  constructor(
    name: string,
    readonly read: Read,
    server: Publisher,
    public position = 0,
  ) {
    this.#name = name;
    this.#server = server;
  }

  /** @param initial null where only later publications are wanted */
  subscribe(subscriber: Subscriber, initial: Place['initial']): Cursor {
    const cursor = new Cursor(this, subscriber, initial);
    this.#cursors.add(cursor);
    return cursor;
  }

  unsubscribe(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  /** @param position greater than that of every publication before */
  publish(position: number): void {
    const before = this.position;
    this.position = position;
    const dialects = new Set<Dialect>();
    const readers: Subscriber[] = [];
    for (const cursor of this.#cursors) {
      if (cursor.moveWithTopic()) dialects.add(cursor.subscriber.dialect);
      else readers.push(cursor.subscriber);
    }
    for (const dialect of dialects) {
      for (const { data } of this.read({ position: before, initial: null }, dialect)) {
        // Compression would run once a subscriber, and the frame is the same for all.
        this.#server()?.publish(this.topicOf(dialect), data, false);
      }
    }
    for (const reader of readers) reader.catchUp();
    this.published.next();
  }

  topicOf(dialect: Dialect): string {
    return `${this.#name}/${dialect.name}`;
  }

  /** How many subscribers have everything. */
  get following(): number {
    return this.#cursors.size - this.behind;
  }

  /** How many lack something. */
  get behind(): number {
    return [...this.#cursors].filter(({ subscriber }) => subscriber.behind).length;
  }
}

/** What one subscriber has of one broadcast: all that is kept of it, however far it lags. */
export class Cursor implements Place {
  position: number;
  /** Whether the subscriber is in Bun's topic. Only one that has everything is. */
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

  /** @returns false where Bun's topic does not carry the publication: it would pile up there behind unsent bytes */
  moveWithTopic(): boolean {
    if (this.#joined && this.subscriber.channel.unsentBytes() > 0) this.leave();
    if (this.#joined) this.position = this.broadcast.position;
    return this.#joined;
  }
}
