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
 * Hands on each notification once, and those too that came while there was no connection.
 *
 * The hub sends a newcomer the last 50, and what happens from then on. What else was missed is read page by page, and what
 * arrives meanwhile waits, so that they leave in their order.
 */
export class NotificationFeed {
  readonly #options: NotificationFeedOptions;
  readonly #seen = new Set<number>();
  /** Every notification up to this id was handed on; undefined before the first connection. */
  #complete: number | undefined;
  /** Those that arrived while what was missed is read; undefined at other times. */
  #held: Notification[] | undefined;
  #resumes = 0;

  constructor(options: NotificationFeedOptions) {
    this.#options = options;
  }

  receive(notification: Notification): void {
    if (this.#held === undefined) this.#handOn(notification);
    else this.#held.push(notification);
  }

  /** To be called whenever a connection has opened. Never rejects: what could not be read is read at the next. */
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
      // The connection that is open brings what is new.
    }
    if (resume !== this.#resumes) return;
    const held = this.#held.sort((left, right) => left.id - right.id);
    this.#held = undefined;
    for (const notification of held) this.#handOn(notification);
  }

  async #readMissed(since: number, resume: number): Promise<void> {
    let after = since;
    for (;;) {
      const page = await this.#options.after(after);
      if (resume !== this.#resumes) return;
      for (const notification of page) this.#handOn(notification);
      after = page.at(-1)?.id ?? after;
      this.#complete = after;
      if (page.length < PAGE) return;
    }
  }

  #handOn(notification: Notification): void {
    const { id } = notification;
    if (this.#seen.has(id)) return;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > MOST_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    // The first one: of those before it the server would send no more either.
    if (this.#complete === 0) this.#complete = id;
    this.#options.onNotification(notification);
  }
}
