import type { Server } from 'bun';
import { type Observable, Subject, Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import { isoInstant } from '../figures/calendar.ts';
import type { FeatureStatus, RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import type { EmissionReason } from '../runtime/define-feature.ts';
import { type EmissionOptions, emission } from '../runtime/emission.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import type { Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { SnapshotMessage, StatusMessage } from './messages.ts';

/** Why a follower fetches the newest snapshot itself: it is new, it missed an emission, or it asked for `InitialData`. */
export type FetchReason = EmissionReason | 'InitialData';

/** Whoever follows topics: a connection, seen from the topic. */
export interface Follower {
  readonly dialect: Dialect;
  /** Whether Bun's topics reach it; else each publication is handed over by itself. */
  readonly hasMembership: boolean;
  /** Whether it wants to hear of every change of status, where not everyone does. */
  readonly wantsStatus: boolean;
  deliver(topic: Topic, frame: Frame, message: PublishedMessage): void;
  /** A follower that is behind is told of what it misses, and fetches the newest itself. */
  missed(topic: Topic, message: PublishedMessage): void;
  /** Called before each publication: a follower to whom the last one has not left yet falls behind. */
  fallBehindIfSlow(): void;
}

export type PublishedMessage = SnapshotMessage | StatusMessage;
type Published = PublishedMessage['kind'];

export interface TopicOptions {
  readonly running: RunningFeature;
  readonly emission: EmissionOptions;
  readonly clock: Clock;
  /** The server whose Bun topics carry the frames. */
  readonly server: () => Server<unknown> | undefined;
}

/**
 * What one feature sends. However many follow, a message is encoded once a dialect and handed to one Bun topic a dialect.
 */
export class Topic {
  readonly name: string;
  /** A value at each emission; completes when nothing will be emitted any more. */
  readonly emitted: Observable<Topic>;
  lastEmissionAt: Instant | null = null;
  readonly #running: RunningFeature;
  readonly #server: TopicOptions['server'];
  readonly #subscriptions = new Subscription();
  readonly #emitted = new Subject<Topic>();
  readonly #following = new Map<Dialect, Set<Follower>>();
  readonly #behind = new Set<Follower>();
  /** Frames of the newest snapshot for those who fetch it themselves, by dialect and reason. */
  readonly #newestFrames = new Map<string, { readonly of: Snapshot; readonly frame: Frame | null }>();

  constructor({ running, emission: options, clock, server }: TopicOptions) {
    this.name = running.feature.name;
    this.emitted = this.#emitted.asObservable();
    this.#running = running;
    this.#server = server;
    const { publications, statusChanges } = running.actor;
    this.#subscriptions.add(
      publications.pipe(emission(options)).subscribe({
        next: ({ reason, snapshot }) => {
          this.lastEmissionAt = clock.now();
          // While the snapshot waited for its window, its source may have failed: the latest says so.
          this.#publish(this.#message(running.actor.latest() ?? snapshot, reason));
          this.#emitted.next(this);
        },
        complete: () => this.#emitted.complete(),
      }),
    );
    this.#subscriptions.add(statusChanges.subscribe((status) => this.#publish(statusMessage(status))));
  }

  /** The names of the Bun topics that carry the frames of a dialect. */
  channels(dialect: Dialect): Readonly<Record<Published, string>> {
    const snapshot = `${this.name}/${dialect.name}`;
    return { snapshot, status: dialect.statusForAll ? snapshot : `${snapshot}/status` };
  }

  /** From now on publications reach the follower. */
  follow(follower: Follower): void {
    this.#behind.delete(follower);
    const followers = this.#following.get(follower.dialect) ?? new Set();
    this.#following.set(follower.dialect, followers.add(follower));
  }

  /** From now on the follower is told what it misses. */
  fallBehind(follower: Follower): void {
    this.#following.get(follower.dialect)?.delete(follower);
    this.#behind.add(follower);
  }

  leave(follower: Follower): void {
    this.#following.get(follower.dialect)?.delete(follower);
    this.#behind.delete(follower);
  }

  /** The newest snapshot, for a follower that fetches it itself; null before the first. */
  newestFrame(dialect: Dialect, reason: FetchReason): Frame | null {
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return null;
    const key = `${dialect.name} ${reason}`;
    const cached = this.#newestFrames.get(key);
    if (cached?.of === snapshot) return cached.frame;
    const frame = dialect.encode(this.#message(snapshot, reason === 'InitialData' ? 'Initial' : reason, reason));
    this.#newestFrames.set(key, { of: snapshot, frame });
    return frame;
  }

  /** The newest snapshot whole, as an item of a stream; null before the first. */
  newestItem(): { readonly value: unknown; readonly text: string } | null {
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return null;
    const { seq, generatedAt, freshness, unavailable, data, encoded } = snapshot;
    const head = { hub: this.name, seq, at: isoInstant(generatedAt), status: freshness.status };
    const text = `${JSON.stringify(head).slice(0, -1)},"unavailable":${encoded.unavailable},"data":${encoded.data}}`;
    return { value: { ...head, unavailable, data }, text };
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
    this.#emitted.complete();
  }

  #message(snapshot: Snapshot, reason: SnapshotMessage['reason'], fetch?: FetchReason): SnapshotMessage {
    const { hub: definition } = this.#running.feature;
    return {
      kind: 'snapshot',
      hub: this.name,
      snapshot,
      reason,
      definition,
      withInitialData: fetch === 'InitialData' || definition.initialDataAtEachEmission === true,
    };
  }

  #publish(message: PublishedMessage): void {
    for (const [dialect, followers] of this.#following) {
      for (const follower of followers) follower.fallBehindIfSlow();
      if (followers.size > 0) this.#publishTo(dialect, followers, message);
    }
    for (const follower of this.#behind) follower.missed(this, message);
  }

  #publishTo(dialect: Dialect, followers: ReadonlySet<Follower>, message: PublishedMessage): void {
    const frame = dialect.encode(message);
    if (frame === null) return;
    // Compression would run once a subscriber, and the frame is the same for all.
    this.#server()?.publish(this.channels(dialect)[message.kind], frame.data, false);
    const forAll = message.kind === 'snapshot' || dialect.statusForAll;
    for (const follower of followers) {
      if (!follower.hasMembership && (forAll || follower.wantsStatus)) follower.deliver(this, frame, message);
    }
  }
}

function statusMessage({ feature, data, failing }: FeatureStatus): StatusMessage {
  const status = data === 'live' && failing !== null ? 'stale' : data;
  return { kind: 'status', hub: feature, status, since: failing?.since ?? null, reason: failing?.reason ?? null };
}
