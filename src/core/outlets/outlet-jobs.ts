import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Clock } from '../runtime/clock.ts';
import { parseJson } from '../runtime/json.ts';
import type { OutletMemory } from './outlet.ts';
import { reportSave } from './outlet-memory.ts';

const At = Type.Union([Type.Number(), Type.Null()]);
const OutletJob = Type.Readonly(
  Type.Object({
    id: Type.String(),
    outlet: Type.String(),
    /** The features to bring up to date; null for all. */
    features: Type.Union([Type.Array(Type.String()), Type.Null()]),
    status: Type.Union([Type.Literal('queued'), Type.Literal('running'), Type.Literal('done'), Type.Literal('failed')]),
    /** Why it failed; null unless it has. */
    reason: Type.Union([Type.String(), Type.Null()]),
    requestedAt: Type.Number(),
    startedAt: At,
    endedAt: At,
  }),
);
/** A request of a person to bring a target up to date, and what became of it. */
export type OutletJob = Static<typeof OutletJob>;

const PREFIX = 'job ';
/** Beyond this number, the oldest ended jobs are forgotten. */
const MOST_ENDED = 100;

/** The jobs of an outlet. They survive restarts: those that had not ended are queued again. */
export interface OutletJobs {
  get(id: string): OutletJob | undefined;
  /** Jobs that have not ended, oldest first. */
  unfinished(): readonly OutletJob[];
  /** Adds a job, or returns the queued one for the same features. */
  add(features: readonly string[] | null): { readonly job: OutletJob; readonly isNew: boolean };
  start(ids: readonly string[]): void;
  /** @param reason why the job failed; null if it is done */
  end(id: string, reason: string | null): void;
}

export function createOutletJobs(
  outlet: string,
  memory: OutletMemory,
  clock: Clock,
  onError: (error: unknown) => void,
): OutletJobs {
  const jobs = new Map(restoredJobs(memory).map((job) => [job.id, job]));
  const set = (job: OutletJob, forgotten: readonly string[] = []) => {
    jobs.set(job.id, job);
    for (const id of forgotten) jobs.delete(id);
    const gone = forgotten.map((id) => [PREFIX + id, null] as const);
    reportSave(memory.save({ [PREFIX + job.id]: JSON.stringify(job), ...Object.fromEntries(gone) }), onError);
  };
  const isEnded = ({ status }: OutletJob) => status === 'done' || status === 'failed';

  return {
    get: (id) => jobs.get(id),
    unfinished: () => [...jobs.values()].filter((job) => !isEnded(job)),
    add(features) {
      const queued = [...jobs.values()].find(
        (job) => job.status === 'queued' && Bun.deepEquals(job.features, features),
      );
      if (queued !== undefined) return { job: queued, isNew: false };
      const job: OutletJob = {
        ...{ id: crypto.randomUUID(), outlet, features: features && [...features], status: 'queued', reason: null },
        ...{ requestedAt: clock.now(), startedAt: null, endedAt: null },
      };
      set(job);
      return { job, isNew: true };
    },
    start(ids) {
      for (const id of ids) {
        const job = jobs.get(id);
        if (job !== undefined) set({ ...job, status: 'running', startedAt: clock.now() });
      }
    },
    end(id, reason) {
      const job = jobs.get(id);
      if (job === undefined) return;
      const ended: OutletJob = { ...job, status: reason === null ? 'done' : 'failed', reason, endedAt: clock.now() };
      const others = [...jobs.values()].filter((each) => each.id !== id && isEnded(each));
      const oldest = others.sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0)).slice(0, 1 - MOST_ENDED);
      set(ended, others.length < MOST_ENDED ? [] : oldest.map((each) => each.id));
    },
  };
}

/** Skips jobs that this version cannot read. */
function restoredJobs(memory: OutletMemory): OutletJob[] {
  const kept = [...memory.entries()].filter(([key]) => key.startsWith(PREFIX)).map(([, value]) => parseJson(value));
  return kept
    .filter((job) => Value.Check(OutletJob, job))
    .map((job): OutletJob => (job.status === 'running' ? { ...job, status: 'queued', startedAt: null } : job))
    .sort((one, other) => one.requestedAt - other.requestedAt);
}
