import type { Server } from 'bun';
import type { Dialect } from './dialect.ts';
import type { Follower, PublishedMessage, Topic, TopicChannels } from './following.ts';

/**
 * Who follows a topic. However many they are, a message is encoded once a dialect and handed to one Bun topic a dialect.
 */
export class Audience {
  readonly #name: string;
  readonly #server: () => Server<unknown> | undefined;
  readonly #following = new Map<Dialect, Set<Follower>>();
  readonly #behind = new Set<Follower>();

  /** @param server the one whose Bun topics carry the frames */
  constructor(name: string, server: () => Server<unknown> | undefined) {
    this.#name = name;
    this.#server = server;
  }

  channels(dialect: Dialect): TopicChannels {
    const content = `${this.#name}/${dialect.name}`;
    return { content, status: dialect.statusForAll ? content : `${content}/status` };
  }

  follow(follower: Follower): void {
    this.#behind.delete(follower);
    const followers = this.#following.get(follower.dialect) ?? new Set();
    this.#following.set(follower.dialect, followers.add(follower));
  }

  fallBehind(follower: Follower): void {
    this.#following.get(follower.dialect)?.delete(follower);
    this.#behind.add(follower);
  }

  leave(follower: Follower): void {
    this.#following.get(follower.dialect)?.delete(follower);
    this.#behind.delete(follower);
  }

  get following(): number {
    return [...this.#following.values()].reduce((count, followers) => count + followers.size, 0);
  }

  get behind(): number {
    return this.#behind.size;
  }

  publish(topic: Topic, message: PublishedMessage): void {
    for (const [dialect, followers] of this.#following) {
      for (const follower of followers) follower.fallBehindIfSlow();
      if (followers.size > 0) this.#publishTo(dialect, followers, topic, message);
    }
    for (const follower of this.#behind) follower.missed(topic, message);
  }

  #publishTo(dialect: Dialect, followers: ReadonlySet<Follower>, topic: Topic, message: PublishedMessage): void {
    const frame = dialect.encode(message);
    if (frame === null) return;
    const { content, status } = this.channels(dialect);
    // Compression would run once a subscriber, and the frame is the same for all.
    this.#server()?.publish(message.kind === 'status' ? status : content, frame.data, false);
    const forAll = message.kind !== 'status' || dialect.statusForAll;
    for (const follower of followers) {
      if (!follower.hasMembership && (forAll || follower.wantsStatus)) follower.deliver(topic, frame, message);
    }
  }
}
