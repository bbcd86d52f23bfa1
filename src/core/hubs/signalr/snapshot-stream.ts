import { merge, type Subscription } from 'rxjs';
import type { Connection } from '../connection.ts';
import type { Topic } from '../following.ts';
import { type Payload, payload } from './records.ts';

export interface SnapshotStreamOptions {
  readonly connection: Connection;
  readonly send: (item: Payload) => void;
  /** The hub ended it: nothing will be emitted any more. */
  readonly onEnd: () => void;
}

/**
 * The server stream `StreamSnapshots`: the newest snapshot of each of the hub's features, then one at each emission. A
 * client that reads slowly gets the newest and skips what it missed.
 */
export class SnapshotStream {
  readonly #connection: Connection;
  readonly #send: (item: Payload) => void;
  readonly #subscription: Subscription;
  readonly #lacking: Set<Topic>;

  constructor({ connection, send, onEnd }: SnapshotStreamOptions) {
    this.#connection = connection;
    this.#send = send;
    this.#lacking = new Set(connection.topics);
    this.#subscription = merge(...connection.topics.map(({ emitted }) => emitted)).subscribe({
      next: (topic) => {
        this.#lacking.add(topic);
        this.catchUp();
      },
      complete: onEnd,
    });
  }

  catchUp(): void {
    for (const topic of this.#lacking) {
      if (this.#connection.unsentBytes > 0) return;
      this.#lacking.delete(topic);
      const item = topic.newestItem();
      if (item !== null) this.#send(payload(item.value, item.text));
    }
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}
