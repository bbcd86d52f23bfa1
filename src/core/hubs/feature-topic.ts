import type { Server } from 'bun';
import { type Observable, Subject, Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import { isoInstant } from '../figures/calendar.ts';
import type { FeatureStatus, RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import { type EmissionOptions, emission } from '../runtime/emission.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import { Audience } from './audience.ts';
import type { Frame } from './channel.ts';
import type { Dialect } from './dialect.ts';
import type { Fetched, FetchReason, Follower, Topic, TopicChannels } from './following.ts';
import type { SnapshotMessage, StatusMessage } from './messages.ts';

export interface FeatureTopicOptions {
  readonly running: RunningFeature;
  readonly emission: EmissionOptions;
  readonly clock: Clock;
  /** The server whose Bun topics carry the frames. */
  readonly server: () => Server<unknown> | undefined;
}

/** The snapshots of one feature, and how it fares. */
export class FeatureTopic implements Topic {
  readonly name: string;
  readonly emitted: Observable<Topic>;
  lastEmissionAt: Instant | null = null;
  readonly #running: RunningFeature;
  readonly #audience: Audience;
  readonly #subscriptions = new Subscription();
  readonly #emitted = new Subject<Topic>();
  /** Frames of the newest snapshot for those who fetch it themselves, by dialect and reason. */
  readonly #newestFrames = new Map<string, { readonly of: Snapshot; readonly frames: readonly Frame[] }>();

  constructor({ running, emission: options, clock, server }: FeatureTopicOptions) {
    this.name = running.feature.name;
    this.emitted = this.#emitted.asObservable();
    this.#running = running;
    this.#audience = new Audience(this.name, server);
    const { publications, statusChanges } = running.actor;
    this.#subscriptions.add(
      publications.pipe(emission(options)).subscribe({
        next: ({ reason, snapshot }) => {
          this.lastEmissionAt = clock.now();
          // While the snapshot waited for its window, its source may have failed: the latest says so.
          this.#audience.publish(this, this.#message(running.actor.latest() ?? snapshot, reason));
          this.#emitted.next(this);
        },
        complete: () => this.#emitted.complete(),
      }),
    );
    this.#subscriptions.add(statusChanges.subscribe((status) => this.#audience.publish(this, statusMessage(status))));
  }

  channels(dialect: Dialect): TopicChannels {
    return this.#audience.channels(dialect);
  }

  follow(follower: Follower): void {
    this.#audience.follow(follower);
  }

  fallBehind(follower: Follower): void {
    this.#audience.fallBehind(follower);
  }

  leave(follower: Follower): void {
    this.#audience.leave(follower);
  }

  /** The newest snapshot alone: whoever is behind skips what it missed. */
  fetch({ dialect }: Follower, reason: FetchReason): Fetched {
    return { frames: this.#framesOfNewest(dialect, reason), more: false };
  }

  #framesOfNewest(dialect: Dialect, reason: FetchReason): readonly Frame[] {
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return [];
    const key = `${dialect.name} ${reason}`;
    const cached = this.#newestFrames.get(key);
    if (cached?.of === snapshot) return cached.frames;
    const frame = dialect.encode(this.#message(snapshot, reason === 'InitialData' ? 'Initial' : reason, reason));
    const frames = frame === null ? [] : [frame];
    this.#newestFrames.set(key, { of: snapshot, frames });
    return frames;
  }

  newestItem(): { readonly value: unknown; readonly text: string } | null {
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return null;
    const { seq, generatedAt, freshness, unavailable, problems, data, encoded } = snapshot;
    const head = { hub: this.name, seq, at: isoInstant(generatedAt), status: freshness.status };
    const text = `${JSON.stringify(head).slice(0, -1)},"unavailable":${encoded.unavailable},"problems":${encoded.problems},"data":${encoded.data}}`;
    return { value: { ...head, unavailable, problems, data }, text };
  }

  status(): StatusMessage {
    return statusMessage(this.#running.actor.status());
  }

  get seq(): number | null {
    return this.#running.actor.latest()?.seq ?? null;
  }

  get following(): number {
    return this.#audience.following;
  }

  get behind(): number {
    return this.#audience.behind;
  }

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
}

function statusMessage({ feature, data, failing }: FeatureStatus): StatusMessage {
  return { kind: 'status', hub: feature, status: data, since: failing?.since ?? null, reason: failing?.reason ?? null };
}
