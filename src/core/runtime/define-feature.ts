import type { Static, TSchema } from '@sinclair/typebox';
import type { SourceName } from '../../company/table.ts';
import { type Catalogue, catalogueOf, type FigurePath, type Title } from '../figures/catalogue.ts';
import type { Moment } from '../figures/moment.ts';
import type { TableColumns } from '../mirror/catalog.ts';
import type { MirrorObject } from '../mirror/mirror-object.ts';
import type { MirrorReader } from '../mirror/reader.ts';
import type { NotificationRule } from './notification-rule.ts';
import type { Question } from './question.ts';
import type { Unavailable } from './snapshot.ts';

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

/** What a slice computes from one moment of the mirror. */
export interface Figures<Data> {
  readonly data: Data;
  readonly unavailable: readonly Unavailable[];
}

/**
 * A feature: one vertical slice, defined once. Its REST routes, hub, OpenAPI entries, status and metrics all follow from
 * this.
 */
export interface Feature<Data = unknown> {
  readonly name: string;
  readonly title: Title;
  readonly description: string;
  /** The source of its tables. */
  readonly source: SourceName;
  /** The tables and columns that it reads; a change of one of these tables wakes it. */
  readonly reads: TableColumns;
  /** Rollups, derived tables and indexes of the mirror that its queries need, in the order in which they are made. */
  readonly objects: readonly MirrorObject[];
  readonly schema: TSchema;
  /** Its figures and lists, derived from the schema: titles, units and which direction is good. */
  readonly catalogue: Catalogue;
  /** Paths of the figures that stand for the feature, the first above all. */
  readonly headlines: readonly string[];
  readonly parts: readonly Part<Data>[];
  readonly questions: readonly Question<Data>[];
  readonly hub: HubDefinition<Data>;
  /** Every figure of the snapshot. A function of the rows and the moment, and of nothing else. */
  figures(reader: MirrorReader, moment: Moment): Figures<Data>;
}

export interface FeatureDefinition<Schema extends TSchema> {
  /** Lower-case English; the path of its routes and of its hub. */
  readonly name: string;
  readonly title: Title;
  readonly description: string;
  readonly source: SourceName;
  readonly reads: TableColumns;
  readonly objects?: readonly MirrorObject[];
  /** The snapshot's `data`. */
  readonly schema: Schema;
  /** The 4 or 5 figures that stand for the feature, the first above all. */
  readonly headlines: readonly FigurePath<Static<Schema>>[];
  readonly figures: (reader: MirrorReader, moment: Moment) => Figures<Static<Schema>>;
  readonly parts: readonly Part<Static<Schema>>[];
  readonly questions?: readonly Question<Static<Schema>>[];
  readonly hub: HubDefinition<Static<Schema>>;
}

/**
 * Makes a feature of its definition.
 *
 * @throws TypeError when a figure or a column of its schema has no title
 *
 * @example
 * export const content = defineFeature({ name: 'content', source: 'sql', reads: { Courses: ['Id', 'Name'] }, … });
 */
export function defineFeature<Schema extends TSchema>(definition: FeatureDefinition<Schema>): Feature<Static<Schema>> {
  const { objects = [], questions = [], ...rest } = definition;
  return { ...rest, objects, questions, catalogue: catalogueOf(definition.name, definition.schema) };
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
