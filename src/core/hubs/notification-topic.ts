import type { Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import type { Journal } from '../notifications/journal.ts';
import type { Notification } from '../notifications/notification.ts';
import type { RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import { Broadcast, type Publisher, type Read } from './broadcast.ts';
import type { Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import { FrameCache } from './frame-cache.ts';
import type { StatusMessage } from './messages.ts';
import type { Topic } from './topic.ts';

/** How many of the newest notifications a new client is sent. */
const HISTORY = 50;
/** How many missed notifications a slow client is sent at once; the next when it has read these. */
const PAGE = 200;

export interface NotificationTopicOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly server: Publisher;
}

/** Notifications: each is sent at once, and none is skipped for a newer one. Their ids are the positions. */
export class NotificationTopic implements Topic {
  readonly name = 'notifications';
  readonly content: Broadcast;
  readonly statuses = null;
  lastEmissionAt: Instant | null = null;
  readonly #journal: Journal;
  readonly #subscription: Subscription;
  readonly #frames = new FrameCache<Notification>();

  constructor({ journal, clock, server }: NotificationTopicOptions) {
    this.content = new Broadcast(this.name, this.#read, server, journal.lastId);
    this.#journal = journal;
    this.#subscription = journal.published.subscribe(({ id }) => {
      this.lastEmissionAt = clock.now();
      this.content.publish(id);
    });
  }

  readonly #read: Read = (place, dialect) => {
    const { initial } = place;
    const missed = this.#journal.after(place.position, PAGE);
    const isPage = missed.length === PAGE;
    place.initial = null;
    const lastMissed = missed.at(-1)?.id ?? 0;
    // Without a further page there is nothing more to read, even if the journal has dropped the newest ones as too old.
    if (!isPage) place.position = Math.max(lastMissed, this.content.position);
    // A client whose initial frames are due and that missed a page gets the history, then the page: some come twice.
    else if (initial === null) place.position = lastMissed;
    if (initial === null) return this.#framesOf(missed, dialect);
    return this.#history(dialect, isPage ? HISTORY : Math.max(HISTORY, missed.length));
  };

  /** The newest ones together, so that a slow stream skips to them as it skips to the newest snapshot. */
  newestItem(): { readonly value: unknown; readonly text: string } | null {
    const data = this.#journal.newest(HISTORY);
    const [newest] = data;
    if (newest === undefined) return null;
    const { id: seq, at } = newest;
    const value = { hub: this.name, seq, at, status: 'live', unavailable: [], problems: [], data };
    return { value, text: JSON.stringify(value) };
  }

  /** Notifications have no source that could fail. */
  status(): StatusMessage {
    return { kind: 'status', hub: this.name, status: 'live', since: null, reason: null };
  }

  get seq(): number | null {
    return this.#journal.lastId || null;
  }

  /** There is no source to refresh from. */
  async refresh(): Promise<RefreshOutcome> {
    return { status: 'ok' };
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.content.published.complete();
  }

  #history(dialect: Dialect, limit: number): readonly Frame[] {
    const notifications = this.#journal.newest(limit).reverse();
    const frame = dialect.encode({ kind: 'notification-history', notifications });
    return frame === null ? this.#framesOf(notifications, dialect) : [frame];
  }

  #framesOf(notifications: readonly Notification[], dialect: Dialect): readonly Frame[] {
    return notifications.flatMap((notification) =>
      this.#frames.framesOf(notification, '', dialect, () => ({ kind: 'notification', notification })),
    );
  }
}
