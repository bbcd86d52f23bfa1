import type { Server } from 'bun';
import { Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import type { FeatureStatus, RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import { type EmissionOptions, emission } from '../runtime/emission.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { ServerMessage, StatusMessage } from './messages.ts';
import type { Protocol } from './protocols/protocol.ts';

/** Whoever follows topics: a connection, seen from the topic. */
export interface Follower {
  readonly protocol: Protocol;
  /** A follower that is behind is not in the Bun topic: it is told of what it misses, and fetches the newest itself. */
  missed(topic: Topic, what: 'snapshot' | 'status'): void;
  /** Called before each publication: a follower to whom the last one has not left yet falls behind. */
  fallBehindIfSlow(): void;
}

export interface TopicOptions {
  readonly running: RunningFeature;
  readonly emission: EmissionOptions;
  readonly clock: Clock;
  /** The server whose Bun topics carry the frames. */
  readonly server: () => Server<unknown> | undefined;
}

/**
 * What one feature sends. However many follow, a message is encoded once a protocol and handed to one Bun topic a
 * protocol.
 */
export class Topic {
  readonly name: string;
  lastEmissionAt: Instant | null = null;
  readonly #running: RunningFeature;
  readonly #server: TopicOptions['server'];
  readonly #subscriptions = new Subscription();
  readonly #following = new Map<Protocol, Set<Follower>>();
  readonly #behind = new Set<Follower>();
  /** Frames of the newest snapshot for those who fetch it themselves, by protocol and reason. */
  readonly #newestFrames = new Map<string, { readonly of: Snapshot; readonly frame: string | Uint8Array }>();

  constructor({ running, emission: options, clock, server }: TopicOptions) {
    this.name = running.feature.name;
    this.#running = running;
    this.#server = server;
    const { publications, statusChanges } = running.actor;
    this.#subscriptions.add(
      publications.pipe(emission(options)).subscribe(({ reason, snapshot }) => {
        this.lastEmissionAt = clock.now();
        // While the snapshot waited for its window, its source may have failed: the latest says so.
        this.#publish({ kind: 'snapshot', hub: this.name, snapshot: running.actor.latest() ?? snapshot, reason });
      }),
    );
    this.#subscriptions.add(statusChanges.subscribe((status) => this.#publish(statusMessage(status))));
  }

  /** The name of the Bun topic that carries the frames of a protocol. */
  channel(protocol: Protocol): string {
    return `${this.name}/${protocol.name}`;
  }

  /** From now on publications reach the follower through its Bun topic. */
  follow(follower: Follower): void {
    this.#behind.delete(follower);
    const followers = this.#following.get(follower.protocol) ?? new Set();
    this.#following.set(follower.protocol, followers.add(follower));
  }

  /** From now on the follower is told what it misses. */
  fallBehind(follower: Follower): void {
    this.#following.get(follower.protocol)?.delete(follower);
    this.#behind.add(follower);
  }

  leave(follower: Follower): void {
    this.#following.get(follower.protocol)?.delete(follower);
    this.#behind.delete(follower);
  }

  /**
   * The newest snapshot, for a follower that fetches it itself; undefined before the first.
   *
   * @param reason `Initial` for a newcomer, `Auto` for one that missed an emission
   */
  newestFrame(protocol: Protocol, reason: 'Initial' | 'Auto'): string | Uint8Array | undefined {
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return undefined;
    const key = `${protocol.name} ${reason}`;
    const cached = this.#newestFrames.get(key);
    if (cached?.of === snapshot) return cached.frame;
    const frame = protocol.encode({ kind: 'snapshot', hub: this.name, snapshot, reason });
    this.#newestFrames.set(key, { of: snapshot, frame });
    return frame;
  }

  status(): StatusMessage {
    return statusMessage(this.#running.actor.status());
  }

  /** Sequence number of the latest snapshot; null before the first. */
  get seq(): number | null {
    return this.#running.actor.latest()?.seq ?? null;
  }

  /** How many keep up. */
  get following(): number {
    return [...this.#following.values()].reduce((count, followers) => count + followers.size, 0);
  }

  /** How many do not. */
  get behind(): number {
    return this.#behind.size;
  }

  /** Refreshes the feature now. Never rejects. */
  refresh(): Promise<RefreshOutcome> {
    return this.#running.actor.refresh();
  }

  close(): void {
    this.#subscriptions.unsubscribe();
  }

  #publish(message: Extract<ServerMessage, { kind: 'snapshot' | 'status' }>): void {
    for (const [protocol, followers] of this.#following) {
      for (const follower of followers) follower.fallBehindIfSlow();
      if (followers.size === 0) continue;
      // Compression would run once a subscriber, and the frame is the same for all.
      this.#server()?.publish(this.channel(protocol), protocol.encode(message), false);
    }
    for (const follower of this.#behind) follower.missed(this, message.kind);
  }
}

function statusMessage({ feature, data, failing }: FeatureStatus): StatusMessage {
  const status = data === 'live' && failing !== null ? 'stale' : data;
  return { kind: 'status', hub: feature, status, since: failing?.since ?? null, reason: failing?.reason ?? null };
}
