import { Subject } from 'rxjs';
import type { Applied, MirrorWriter } from '../mirror/mirror-writer.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Failure } from '../runtime/failure.ts';
import { Attempts } from './attempts.ts';
import type { FeedCallers } from './callers.ts';
import type { FeedSource } from './feed-source.ts';
import type { FeedStatus } from './feed-status.ts';
import type { FeedTimings } from './feed-timings.ts';

/** What a feed and its sessions share. */
export interface FeedContext {
  readonly source: FeedSource;
  readonly mirror: MirrorWriter;
  readonly timings: FeedTimings;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly callers: FeedCallers;
  readonly state: FeedState;
  /** Receives unexpected errors. */
  readonly onError: (error: unknown) => void;
}

/** The state of a feed, and what it emits when that changes. */
export class FeedState {
  readonly changes = new Subject<ReadonlySet<string>>();
  readonly statusChanges = new Subject<FeedStatus>();
  readonly attempts = new Attempts();
  readonly #mirror: MirrorWriter;
  readonly #clock: Clock;
  #status: FeedStatus;
  #isStopped = false;

  constructor({ name, description }: FeedSource, mirror: MirrorWriter, clock: Clock) {
    this.#mirror = mirror;
    this.#clock = clock;
    this.#status = {
      ...{ source: name, description, activity: 'opening', isLoaded: false, mode: null, reason: null },
      ...{ position: null, lastSync: null, rowsRead: 0, reconciled: null, failing: null },
    };
  }

  get status(): FeedStatus {
    return this.#status;
  }

  /** Whether features wait for a current mirror: the source failed, or was never followed. */
  get isAwaited(): boolean {
    return this.#status.failing !== null || !this.#status.isLoaded;
  }

  /** Changes the status, and emits it unless only its numbers changed. */
  update(next: Partial<FeedStatus>): void {
    if (this.#isStopped) return;
    const before = this.#status;
    this.#status = { ...before, ...next };
    const isNews = (['activity', 'mode', 'reason', 'failing', 'reconciled'] as const).some(
      (key) => before[key] !== this.#status[key],
    );
    if (isNews) this.statusChanges.next(this.#status);
  }

  countRows(rows: number): void {
    this.#status = { ...this.#status, rowsRead: this.#status.rowsRead + rows };
  }

  /** Called after each commit of changes. */
  applied({ tables }: Applied): void {
    if (tables.length > 0) this.changes.next(new Set(tables));
  }

  /** Called after the commit of a load. */
  loaded(applied: Applied): void {
    this.attempts.loaded();
    this.#status = { ...this.#status, isLoaded: true };
    this.applied(applied);
    // After a failure, only a successful poll counts as recovered.
    if (this.#status.failing === null) this.update({ activity: 'following', lastSync: this.#clock.now() });
  }

  /** Called after each successful poll. */
  polled(position: string): void {
    const wasAwaited = this.isAwaited;
    this.#status = { ...this.#status, position };
    this.attempts.succeeded();
    this.update({ activity: 'following', isLoaded: true, failing: null, lastSync: this.#clock.now() });
    // Features that waited refresh now, whether their rows changed or not.
    if (wasAwaited) this.changes.next(new Set(this.#mirror.tables.map(({ table }) => table.name)));
  }

  failed({ reason, blame }: Failure): void {
    const { failing } = this.#status;
    const isSame = failing?.reason === reason && failing.blame === blame;
    const since = failing?.since ?? this.#clock.now();
    this.update({ activity: 'backing-off', failing: isSame ? failing : { since, reason, blame } });
  }

  stop(): void {
    this.update({ activity: 'stopped' });
    this.#isStopped = true;
    this.changes.complete();
    this.statusChanges.complete();
  }
}
