import type { Static, TSchema } from '@sinclair/typebox';
import type { Instant } from '../figures/calendar.ts';
import type { SourceBinding, Sources } from '../sources/sources.ts';
import type { NotificationRule } from './notification-rule.ts';
import type { Question } from './question.ts';
import type { Content } from './snapshot.ts';

/** Words that people see, in both languages of the house. */
export interface Title {
  readonly en: string;
  readonly pt: string;
}

/** One part of the snapshot with a route of its own: `GET /api/{feature}/{path}`. */
export interface Part<Data> {
  readonly path: string;
  readonly summary: string;
  readonly schema: TSchema;
  select(data: Data): unknown;
}

/** An event of the hub for clients that speak SignalR: its target, and its one argument out of the snapshot's data. */
export interface HubEvent<Data> {
  readonly target: string;
  readonly schema: TSchema;
  /** @param reason why it is sent; some events carry it as `type` */
  argument(data: Data, reason: EmissionReason): unknown;
}

export type EmissionReason = 'Initial' | 'Auto' | 'Manual';

/** What a hub sends besides whole snapshots. */
export interface HubDefinition<Data> {
  readonly events: readonly HubEvent<Data>[];
  /** Argument of `InitialData`; the whole data unless told otherwise. */
  initialData?(data: Data): unknown;
  /** Whether every emission carries `InitialData` too. */
  readonly initialDataAtEachEmission?: boolean;
  /** What people are told of at once, however seldom the hub sends. */
  readonly notificationRules?: readonly NotificationRule<Data>[];
}

/**
 * A feature: one vertical slice, told once. Its REST routes, hub, OpenAPI entries, status and metrics all follow from
 * this.
 */
export interface Feature<Data = unknown> {
  readonly name: string;
  readonly title: Title;
  readonly description: string;
  /** Which source wakes it, and what it watches there. */
  readonly source: keyof Sources;
  readonly watches: readonly string[];
  readonly schema: TSchema;
  readonly parts: readonly Part<Data>[];
  readonly questions: readonly Question<Data>[];
  readonly hub: HubDefinition<Data>;
  /**
   * One refresh: everything the snapshot holds, as of `now`.
   *
   * @param begun called when the source begins to read, for which others may have been waited
   *
   * @throws SourceError, or whatever the slice throws; the actor makes a state of it
   */
  load(sources: Sources, now: Instant, signal: AbortSignal, begun?: () => void): Promise<Content<Data>>;
}

export interface FeatureDefinition<Schema extends TSchema, Reader> {
  /** Lower-case English; the path of its routes and of its hub. */
  readonly name: string;
  readonly title: Title;
  readonly description: string;
  readonly binding: SourceBinding<Reader>;
  /** The snapshot's `data`. */
  readonly schema: Schema;
  readonly load: (reader: Reader, now: Instant) => Promise<Content<Static<Schema>>>;
  readonly parts: readonly Part<Static<Schema>>[];
  readonly questions?: readonly Question<Static<Schema>>[];
  readonly hub: HubDefinition<Static<Schema>>;
}

/**
 * Makes a feature of its definition.
 *
 * @example
 * export const content = defineFeature({ name: 'content', binding: sqlTables({ Courses: ['Id', 'Name'] }), … });
 */
export function defineFeature<Schema extends TSchema, Reader>(
  definition: FeatureDefinition<Schema, Reader>,
): Feature<Static<Schema>> {
  const { binding, load, questions = [], ...rest } = definition;
  return {
    ...rest,
    questions,
    source: binding.source,
    watches: binding.watches,
    load: (sources, now, signal, begun) =>
      binding.read(
        sources,
        (reader) => {
          begun?.();
          return load(reader, now);
        },
        signal,
      ),
  };
}

/**
 * A part of the snapshot, typed by the slice's own data.
 *
 * @param paths the route, and others that answer the same
 */
export function parts<Data, Schema extends TSchema>(
  paths: string | readonly string[],
  summary: string,
  schema: Schema,
  select: (data: Data) => Static<Schema>,
): Part<Data>[] {
  return [paths].flat().map((path) => ({ path, summary, schema, select }));
}
