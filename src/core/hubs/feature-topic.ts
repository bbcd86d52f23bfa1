import { Subscription } from 'rxjs';
import type { Instant } from '../figures/calendar.ts';
import { isoInstant } from '../figures/calendar.ts';
import type { FeatureStatus, RefreshOutcome } from '../runtime/actor.ts';
import type { Clock } from '../runtime/clock.ts';
import { type EmissionOptions, emission } from '../runtime/emission.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { RunningFeature } from '../runtime/supervisor.ts';
import { Broadcast, type BroadcastOptions, type Place, type Reading } from './broadcast.ts';
import type { Dialect } from './dialect.ts';
import { FrameCache } from './frame-cache.ts';
import type { SnapshotMessage, StatusMessage } from './messages.ts';
import type { Topic } from './topic.ts';

export interface FeatureTopicOptions {
  readonly running: RunningFeature;
  readonly emission: EmissionOptions;
  readonly clock: Clock;
  readonly server: BroadcastOptions['server'];
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
    const { name } = running.feature;
    this.name = name;
    this.#running = running;
    const read = (place: Place, dialect: Dialect) => this.#read(place, dialect);
    const readStatus = (place: Place, dialect: Dialect) => this.#readStatus(place, dialect);
    this.content = new Broadcast({ name, read, server });
    this.statuses = new Broadcast({ name: `${name}/status`, read: readStatus, server });
    const { publications, statusChanges } = running.actor;
    const emissions = publications.pipe(emission(options)).subscribe({
      next: ({ reason }) => {
        this.lastEmissionAt = clock.now();
        // Emissions are counted: `seq` stays where an unchanged snapshot is emitted.
        const position = this.content.position + 1;
        if (reason === 'Manual') this.#lastManualPosition = position;
        this.content.publish(position);
      },
      complete: () => this.content.complete(),
    });
    this.#subscriptions.add(emissions);
    this.#subscriptions.add(statusChanges.subscribe(() => this.statuses.publish(this.statuses.position + 1)));
  }

  /** The newest snapshot alone: those in between are skipped. */
  #read({ position, initial }: Place, dialect: Dialect): Reading {
    const next = { position: this.content.position, initial: null };
    const snapshot = this.#running.actor.latest();
    if (snapshot === undefined) return { frames: [], next };
    // A late client is told that somebody asked for the snapshot too.
    const reason = initial ?? (position < this.#lastManualPosition ? 'Manual' : 'Auto');
    const { hub: definition } = this.#running.feature;
    const message = (): SnapshotMessage => ({
      kind: 'snapshot',
      hub: this.name,
      snapshot,
      reason: reason === 'InitialData' ? 'Initial' : reason,
      definition,
      withInitialData: reason === 'InitialData' || definition.initialDataAtEachEmission === true,
    });
    return { frames: this.#frames.framesOf(snapshot, reason, dialect, message), next };
  }

  /** The newest status. A client that has missed none is initially sent only that of a feature that fails. */
  #readStatus({ position, initial }: Place, dialect: Dialect): Reading {
    const next = { position: this.statuses.position, initial: null };
    const status = this.status();
    const isKnown = initial !== null && position === next.position && status.since === null;
    const frame = isKnown ? null : dialect.encode(status);
    return { frames: frame === null ? [] : [frame], next };
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

  refresh(): Promise<RefreshOutcome> {
    return this.#running.actor.refresh();
  }

  close(): void {
    this.#subscriptions.unsubscribe();
    this.content.complete();
  }
}

function statusMessage({ feature, data, failing }: FeatureStatus): StatusMessage {
  return { kind: 'status', hub: feature, status: data, since: failing?.since ?? null, reason: failing?.reason ?? null };
}
