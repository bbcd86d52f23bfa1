import { merge, type Subscription } from 'rxjs';
import type { Connection } from '../connection.ts';
import type { Topic } from '../topic.ts';
import { type Payload, payload } from './records.ts';

export interface SnapshotStreamOptions {
  readonly connection: Connection;
  readonly send: (item: Payload) => void;
  /** The hub ended the stream: no emission will follow. */
  readonly onEnd: () => void;
}

/**
 * The server stream `StreamSnapshots`: the newest snapshot of each of the hub's features, then one at each emission. A
 * slow client skips to the newest.
 */
export class SnapshotStream {
  readonly #options: SnapshotStreamOptions;
  readonly #subscription: Subscription;
  /** Position of each topic's last item; the topic that was sent last is the last. */
  readonly #positions: Map<Topic, number>;

  constructor(options: SnapshotStreamOptions) {
    const { topics } = options.connection;
    this.#options = options;
    this.#positions = new Map(topics.map((topic) => [topic, -1]));
    this.#subscription = merge(...topics.map(({ content }) => content.published)).subscribe({
      next: () => this.catchUp(),
      complete: options.onEnd,
    });
  }

  catchUp(): void {
    for (const [topic, position] of this.#positions) {
      if (this.#options.connection.unsentBytes > 0) return;
      if (position === topic.content.position) continue;
      this.#positions.delete(topic);
      this.#positions.set(topic, topic.content.position);
      const item = topic.newestItem();
      if (item !== null) this.#options.send(payload(item.value, item.text));
    }
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}
