import type { Server } from 'bun';
import { type Observable, Subject } from 'rxjs';
import type { Frame, Membership } from './channel.ts';
import type { Dialect } from './dialect.ts';

/** Why a subscriber is sent everything: it is new, or its client asked for `InitialData`. */
export type InitialReason = 'Initial' | 'InitialData';

/** What a subscriber has: all up to a position, except what it is sent initially. */
export interface Place {
  readonly position: number;
  /** Null once the initial frames were sent. */
  readonly initial: InitialReason | null;
}

/** The next frames for a place, and the place behind them. */
export interface Reading {
  readonly frames: readonly Frame[];
  readonly next: Place;
}

/** A connection, as a broadcast sees it. */
export interface Subscriber {
  readonly dialect: Dialect;
  /** Null where Bun's topics do not reach it. */
  readonly membership: Membership | null;
  readonly unsentBytes: number;
  /** Whether it lacks something in any of its broadcasts. */
  readonly behind: boolean;
  /** Reads on in all of its broadcasts, as far as nothing is unsent. */
  catchUp(): void;
}

export interface BroadcastOptions {
  readonly name: string;
  /** Position of what was published before; 0. */
  readonly position?: number;
  readonly read: (place: Place, dialect: Dialect) => Reading;
  /** The server whose Bun topics carry the frames. */
  readonly server: () => Pick<Server<unknown>, 'publish'> | undefined;
}

/**
 * Sends each publication to every subscriber: encoded once a dialect and published to one Bun topic for those that keep
 * up, read from a cursor by those that do not.
 */
export class Broadcast {
  readonly published: Observable<void>;
  readonly #options: BroadcastOptions;
  readonly #published = new Subject<void>();
  readonly #cursors = new Set<Cursor>();
  #position: number;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    this.#position = options.position ?? 0;
    this.published = this.#published.asObservable();
  }

  /** Position of the newest publication. */
  get position(): number {
    return this.#position;
  }

  /** @param initial null where only later publications are wanted */
  subscribe(subscriber: Subscriber, initial: InitialReason | null): Cursor {
    const cursor = new Cursor(this, subscriber, { position: this.position, initial });
    this.#cursors.add(cursor);
    return cursor;
  }

  unsubscribe(cursor: Cursor): void {
    this.#cursors.delete(cursor);
  }

  /** @param position greater than that of every publication before */
  publish(position: number): void {
    const before = { position: this.#position, initial: null };
    const place = { position, initial: null };
    const dialects = new Set<Dialect>();
    const readers: Subscriber[] = [];
    this.#position = position;
    for (const cursor of this.#cursors) {
      if (cursor.moveWithTopic(place)) dialects.add(cursor.subscriber.dialect);
      else readers.push(cursor.subscriber);
    }
    for (const dialect of dialects) {
      const topic = this.topicOf(dialect);
      // Compression would run once a subscriber, and the frame is the same for all.
      for (const { data } of this.read(before, dialect).frames) this.#options.server()?.publish(topic, data, false);
    }
    for (const reader of readers) reader.catchUp();
    this.#published.next();
  }

  read(place: Place, dialect: Dialect): Reading {
    return this.#options.read(place, dialect);
  }

  topicOf(dialect: Dialect): string {
    return `${this.#options.name}/${dialect.name}`;
  }

  /** Nothing will be published any more. */
  complete(): void {
    this.#published.complete();
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
export class Cursor {
  readonly subscriber: Subscriber;
  readonly #broadcast: Broadcast;
  #place: Place;
  /** Whether the subscriber is in Bun's topic. Only one that has everything is. */
  #joined = false;

  constructor(broadcast: Broadcast, subscriber: Subscriber, place: Place) {
    this.#broadcast = broadcast;
    this.subscriber = subscriber;
    this.#place = place;
  }

  get behind(): boolean {
    return this.#place.initial !== null || this.#place.position < this.#broadcast.position;
  }

  /** Takes the next frames; the subscriber has them from now on. */
  read(): readonly Frame[] {
    const { frames, next } = this.#broadcast.read(this.#place, this.subscriber.dialect);
    this.#place = next;
    return frames;
  }

  /** Starts from the initial frames. */
  restart(initial: InitialReason): void {
    this.leave();
    this.#place = { ...this.#place, initial };
  }

  join(): void {
    const { membership, dialect } = this.subscriber;
    if (this.#joined || membership === null) return;
    membership.join(this.#broadcast.topicOf(dialect));
    this.#joined = true;
  }

  leave(): void {
    if (this.#joined) this.subscriber.membership?.leave(this.#broadcast.topicOf(this.subscriber.dialect));
    this.#joined = false;
  }

  /** @returns false where Bun's topic does not carry the publication: a slow client would let it pile up there */
  moveWithTopic(place: Place): boolean {
    if (this.#joined && this.subscriber.unsentBytes > 0) this.leave();
    if (this.#joined) this.#place = place;
    return this.#joined;
  }

  close(): void {
    this.leave();
    this.#broadcast.unsubscribe(this);
  }
}
