import type { Notification } from './shapes.ts';

export interface NotificationFeedOptions {
  /** Those after an id, the oldest first; fewer than `PAGE` if there are no more. */
  readonly after: (id: number) => Promise<readonly Notification[]>;
  readonly onNotification: (notification: Notification) => void;
}

/** The most that the server answers at once. */
export const PAGE = 500;
/** As many as the server keeps: no other can come again. */
const MOST_REMEMBERED = 10_000;

/**
 * Delivers each notification once, including those that were missed while there was no connection.
 *
 * A hub sends the last 50 to a new connection. After a reconnect the feed reads page by page what was missed, and holds back
 * what arrives meanwhile to keep the order.
 */
export class NotificationFeed {
  readonly #options: NotificationFeedOptions;
  /** By id and instant: a server that lost its state counts its ids from 1 again. */
  readonly #seen = new Set<string>();
  /** The latest instant of a delivered notification, milliseconds since 1970. */
  #latestAt = 0;
  /** Every notification up to this id was delivered; undefined before the first connection. */
  #complete: number | undefined;
  /** Those that arrived while what was missed is read; undefined at other times. */
  #held: Notification[] | undefined;
  #resumes = 0;

  constructor(options: NotificationFeedOptions) {
    this.#options = options;
  }

  receive(notification: Notification): void {
    if (this.#held === undefined) this.#deliver(notification);
    else this.#held.push(notification);
  }

  /** Call it whenever a connection opens. Never rejects: the next connection reads what this one cannot. */
  async resume(): Promise<void> {
    if (this.#complete === undefined) {
      this.#complete = 0;
      return;
    }
    const resume = ++this.#resumes;
    this.#held ??= [];
    try {
      await this.#readMissed(this.#complete, resume);
    } catch {
      // New notifications still arrive over the connection.
    }
    if (resume !== this.#resumes) return;
    const held = this.#held.sort((left, right) => left.id - right.id);
    this.#held = undefined;
    for (const notification of held) this.#deliver(notification);
  }

  async #readMissed(since: number, resume: number): Promise<void> {
    let after = since;
    for (;;) {
      const page = await this.#options.after(after);
      if (resume !== this.#resumes) return;
      for (const notification of page) this.#deliver(notification);
      after = page.at(-1)?.id ?? after;
      this.#complete = after;
      if (page.length < PAGE) return;
    }
  }

  #deliver(notification: Notification): void {
    const { id } = notification;
    const key = `${id} ${notification.at}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const [oldest] = this.#seen;
    if (this.#seen.size > MOST_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    // The first one: a hub sends nothing older.
    if (this.#complete === 0) this.#complete = id;
    const at = Date.parse(notification.at);
    // A later notification with an earlier id: the ids have restarted, and what is missed next comes after this one.
    if (this.#complete !== undefined && id < this.#complete && at > this.#latestAt) this.#complete = id;
    if (at > this.#latestAt) this.#latestAt = at;
    this.#options.onNotification(notification);
  }
}
