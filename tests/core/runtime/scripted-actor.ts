import {
  type Actor,
  type ActorOptions,
  createActor,
  type FeatureStatus,
  type LoadRequest,
} from '../../../src/core/runtime/actor.ts';
import { type ActorTimings, DEFAULT_TIMINGS } from '../../../src/core/runtime/actor-state.ts';
import type { Publication } from '../../../src/core/runtime/emission.ts';
import { nextSnapshot } from '../../../src/core/runtime/load-snapshot.ts';
import { type SequenceStore, sequenceOf } from '../../../src/core/runtime/sequence.ts';
import { type Content, loadedFrom } from '../../../src/core/runtime/snapshot.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

/** A refresh in flight, which ends when the test says so. */
export interface ScriptedLoad extends LoadRequest {
  readonly knownHash: string | null;
  succeed(data: unknown): Promise<void>;
  /** The content is the one that the actor has. */
  findNothingNew(): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** An actor on a virtual clock, and everything that it did. */
export interface ScriptedActor {
  readonly actor: Actor;
  readonly clock: VirtualClock;
  /** Every load that was started, oldest first. */
  readonly loads: readonly ScriptedLoad[];
  readonly publications: readonly Publication[];
  readonly statuses: readonly FeatureStatus[];
  /** What ended an observable: `publications` or `statusChanges`, `complete` or `error`. */
  readonly endings: readonly string[];
  /** Unexpected errors. */
  readonly errors: readonly unknown[];
  /** The newest load. */
  load(): ScriptedLoad;
}

export interface ScriptedActorOptions extends Partial<Pick<ActorOptions<unknown>, 'name' | 'random' | 'restored'>> {
  readonly nextSeq?: (hash: string) => number;
  readonly timings?: Partial<ActorTimings>;
  readonly clock?: VirtualClock;
}

/** Until everything is read again though nothing changed, ms. */
export const FULL_READ_MS = DEFAULT_TIMINGS.maxAgeMs;

/** Sequence numbers that no process outlives. */
export function forgetfulSequences(): SequenceStore {
  return { restored: () => undefined, save: () => {} };
}

/** An actor that has not been started. Its jitter is the longest wait unless told otherwise. */
export function scriptedActor(options: ScriptedActorOptions = {}): ScriptedActor {
  const { name = 'claims', clock = createVirtualClock(), random = () => 1 } = options;
  const { nextSeq = sequenceOf(name, forgetfulSequences()), restored, timings } = options;
  const loads: ScriptedLoad[] = [];
  const publications: Publication[] = [];
  const statuses: FeatureStatus[] = [];
  const endings: string[] = [];
  const errors: unknown[] = [];
  const actor = createActor<unknown>({
    name,
    restored,
    clock,
    random,
    timings: { ...DEFAULT_TIMINGS, changeWaitFactor: 9, ...timings },
    onError: (error) => errors.push(error),
    load: async (request) => {
      const { promise, resolve, reject } = Promise.withResolvers<Content<unknown> | null>();
      const settle = (end: () => void) => {
        end();
        return clock.settle();
      };
      loads.push({
        ...request,
        knownHash: request.known?.encoded.hash ?? null,
        succeed: (data) => settle(() => resolve({ data, unavailable: [], problems: [] })),
        findNothingNew: () => settle(() => resolve(null)),
        fail: (error) => settle(() => reject(error)),
      });
      const content = await promise;
      return nextSnapshot(name, content === null ? null : loadedFrom(content), request, nextSeq);
    },
  });
  const ended = (observable: string) => ({
    complete: () => endings.push(`${observable} complete`),
    error: () => endings.push(`${observable} error`),
  });
  actor.publications.subscribe({ next: (one) => publications.push(one), ...ended('publications') });
  actor.statusChanges.subscribe({ next: (one) => statuses.push(one), ...ended('statusChanges') });
  return {
    actor,
    clock,
    loads,
    publications,
    statuses,
    endings,
    errors,
    load() {
      const newest = loads.at(-1);
      if (newest === undefined) throw new Error('No load was started');
      return newest;
    },
  };
}

/** The same, started, with its first load in flight. */
export async function startedActor(options: ScriptedActorOptions = {}): Promise<ScriptedActor> {
  const scripted = scriptedActor(options);
  scripted.actor.start();
  await scripted.clock.settle();
  return scripted;
}

/** The same, after a first load that took no time. */
export async function liveActor(options: ScriptedActorOptions = {}): Promise<ScriptedActor> {
  const scripted = await startedActor(options);
  await scripted.load().succeed('first');
  return scripted;
}

/** Notes the outcome of a promise as soon as it has one; a test that waited for it instead could wait for ever. */
export function watch<Result>(
  promise: Promise<Result>,
  results: Result[] = [],
): { readonly results: readonly Result[] } {
  promise.then(
    (result) => results.push(result),
    () => {},
  );
  return { results };
}
