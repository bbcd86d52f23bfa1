import { Subscription } from 'rxjs';
import { type Instant, isoInstant } from '../figures/calendar.ts';
import type { RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import { type EmissionOptions, emission } from '../runtime/emission.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import { Broadcast, type Publisher, type Read } from './broadcast.ts';
import { FrameCache } from './frame-cache.ts';
import type { StatusMessage } from './messages.ts';
import type { Topic } from './topic.ts';

export interface FeatureTopicOptions {
  readonly running: RunningFeature;
  readonly emission: EmissionOptions;
  readonly clock: Clock;
  readonly server: Publisher;
}

/** The snapshots of one feature, and its status. */
export class FeatureTopic implements Topic {
  readonly name: string;
  readonly content: Broadcast;
  readonly statuses: Broadcast;
  lastEmissionAt: Instant | null = null;
  readonly #running: RunningFeature;
  readonly #subscriptions = new Subscription();
  readonly #frames = new FrameCache<Snapshot>();
  #lastManualPosition = 0;

  constructor({ running, emission: options, clock, server }: FeatureTopicOptions) {
    this.name = running.feature.name;
    this.#running = running;
    this.content = new Broadcast(this.name, this.#read, server);
    this.statuses = new Broadcast(`${this.name}/status`, this.#readStatus, server);
    const { publications, statusChanges } = running.actor;
    // New clients get a restored snapshot at once.
    const emissions = publications.pipe(emission({ ...options, emittedSeq: this.seq ?? undefined })).subscribe({
      next: ({ reason }) => {
        this.lastEmissionAt = clock.now();
        // Emissions are counted: `seq` stays where an unchanged snapshot is emitted.
        const position = this.content.position + 1;
        if (reason === 'Manual') this.#lastManualPosition = position;
        this.content.publish(position);
      },
      complete: () => this.content.published.complete(),
    });
    this.#subscriptions.add(emissions);
    this.#subscriptions.add(statusChanges.subscribe(() => this.statuses.publish(this.statuses.position + 1)));
  }

  /** Only the newest snapshot; earlier ones are skipped. */
  readonly #read: Read = (place, dialect) => {
    // A late client also learns that the snapshot was requested.
    const reason = place.initial ?? (place.position < this.#lastManualPosition ? 'Manual' : 'Auto');
    place.position = this.content.position;
    place.initial = null;
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return [];
    const { hub: definition } = this.#running.feature;
    return this.#frames.framesOf(snapshot, reason, dialect, () => ({
      kind: 'snapshot',
      hub: this.name,
      snapshot,
      reason: reason === 'InitialData' ? 'Initial' : reason,
      definition,
      withInitialData: reason === 'InitialData' || definition.initialDataAtEachEmission === true,
    }));
  };

  /** The newest status. A client that has missed none is initially sent only that of a feature that fails. */
  readonly #readStatus: Read = (place, dialect) => {
    const status = this.status();
    const isKnown = place.initial !== null && place.position === this.statuses.position && status.since === null;
    place.position = this.statuses.position;
    place.initial = null;
    const frame = isKnown ? null : dialect.encode(status);
    return frame === null ? [] : [frame];
  };

  newestItem(): { readonly value: unknown; readonly text: string } | null {
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return null;
    const { seq, generatedAt, freshness, unavailable, problems, data, encoded } = snapshot;
    const head = { hub: this.name, seq, at: isoInstant(generatedAt), status: freshness.status };
    const text = `${JSON.stringify(head).slice(0, -1)},"unavailable":${encoded.unavailable},"problems":${encoded.problems},"data":${encoded.data}}`;
    return { value: { ...head, unavailable, problems, data }, text };
  }

  status(): StatusMessage {
    const { actor } = this.#running;
    const freshness = actor.latest()?.freshness;
    const status = freshness?.status ?? 'none';
    const because = freshness === undefined ? actor.status().failing : freshness.status === 'stale' ? freshness : null;
    return { kind: 'status', hub: this.name, status, since: because?.since ?? null, reason: because?.reason ?? null };
  }

  get seq(): number | null {
    return this.#running.actor.latest()?.seq ?? null;
  }

  refresh(): Promise<RefreshOutcome> {
    return this.#running.actor.refresh();
  }

  close(): void {
    this.#subscriptions.unsubscribe();
    this.content.published.complete();
  }
}
