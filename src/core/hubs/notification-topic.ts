import type { Server } from 'bun';
import { type Observable, Subject, type Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import type { Journal } from '../notifications/journal.ts';
import type { Notification } from '../notifications/notification.ts';
import type { RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import { Audience } from './audience.ts';
import type { Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { Fetched, FetchReason, Follower, Topic, TopicChannels } from './following.ts';
import type { StatusMessage } from './messages.ts';

/** How many of the last a newcomer is sent. */
const HISTORY = 50;
/** How many of those that it missed a slow client is sent at once; the next when it has read these. */
const PAGE = 200;

export interface NotificationTopicOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** The server whose Bun topics carry the frames. */
  readonly server: () => Server<unknown> | undefined;
}

/**
 * Notifications: each leaves at once, and none is skipped for a newer one. A follower that falls behind costs the id up to
 * which it has them all, and fetches what came after it when it reads again.
 */
export class NotificationTopic implements Topic {
  readonly name = 'notifications';
  readonly emitted: Observable<Topic>;
  lastEmissionAt: Instant | null = null;
  readonly #journal: Journal;
  readonly #audience: Audience;
  readonly #subscription: Subscription;
  readonly #emitted = new Subject<Topic>();
  /** Ids up to which those who are behind have everything. */
  readonly #reached = new Map<Follower, number>();
  /** The id up to which those who keep up do. */
  #published: number;
  /** Frames by notification and dialect, for those who fetch them themselves. */
  readonly #frames = new WeakMap<Notification, Map<Dialect, Frame | null>>();

  constructor({ journal, clock, server }: NotificationTopicOptions) {
    this.emitted = this.#emitted.asObservable();
    this.#journal = journal;
    this.#audience = new Audience(this.name, server);
    this.#published = journal.lastId;
    this.#subscription = journal.told.subscribe((notification) => {
      this.lastEmissionAt = clock.now();
      this.#audience.publish(this, { kind: 'notification', notification });
      // Only now: whoever fell behind at this one does not have it.
      this.#published = notification.id;
      this.#emitted.next(this);
    });
  }

  channels(dialect: Dialect): TopicChannels {
    return this.#audience.channels(dialect);
  }

  follow(follower: Follower): void {
    this.#reached.delete(follower);
    this.#audience.follow(follower);
  }

  fallBehind(follower: Follower): void {
    this.#reached.set(follower, this.#published);
    this.#audience.fallBehind(follower);
  }

  leave(follower: Follower): void {
    this.#reached.delete(follower);
    this.#audience.leave(follower);
  }

  fetch(follower: Follower, reason: FetchReason): Fetched {
    const { dialect } = follower;
    const since = this.#reached.get(follower) ?? this.#published;
    const missed = this.#journal.after(since, PAGE);
    const more = missed.length === PAGE;
    if (reason === 'Initial' || reason === 'InitialData') {
      // One that missed more than a page gets the history first, then what it missed: some may come twice.
      if (!more) this.#reached.set(follower, this.#journal.lastId);
      return { frames: this.#history(dialect, more ? HISTORY : Math.max(HISTORY, missed.length)), more };
    }
    this.#reached.set(follower, missed.at(-1)?.id ?? since);
    return { frames: this.#framesOf(missed, dialect), more };
  }

  /** The last of them together: a stream of them conflates as one of snapshots does. */
  newestItem(): { readonly value: unknown; readonly text: string } | null {
    const data = this.#journal.newest(HISTORY);
    const [newest] = data;
    if (newest === undefined) return null;
    const value = {
      hub: this.name,
      seq: newest.id,
      at: newest.at,
      status: 'live',
      unavailable: [],
      problems: [],
      data,
    };
    return { value, text: JSON.stringify(value) };
  }

  /** They come from no source that could fail. */
  status(): StatusMessage {
    return { kind: 'status', hub: this.name, status: 'live', since: null, reason: null };
  }

  get seq(): number | null {
    return this.#journal.lastId || null;
  }

  get following(): number {
    return this.#audience.following;
  }

  get behind(): number {
    return this.#audience.behind;
  }

  /** There is nothing to be made anew. */
  async refresh(): Promise<RefreshOutcome> {
    return { status: 'ok' };
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#emitted.complete();
  }

  #history(dialect: Dialect, limit: number): Frame[] {
    const notifications = this.#journal.newest(limit).reverse();
    const frame = dialect.encode({ kind: 'notification-history', notifications });
    return frame === null ? this.#framesOf(notifications, dialect) : [frame];
  }

  #framesOf(notifications: readonly Notification[], dialect: Dialect): Frame[] {
    return notifications.flatMap((notification) => this.#frameOf(notification, dialect) ?? []);
  }

  #frameOf(notification: Notification, dialect: Dialect): Frame | null {
    const frames = this.#frames.get(notification) ?? new Map<Dialect, Frame | null>();
    this.#frames.set(notification, frames);
    const cached = frames.get(dialect);
    if (cached !== undefined) return cached;
    const frame = dialect.encode({ kind: 'notification', notification });
    frames.set(dialect, frame);
    return frame;
  }
}
