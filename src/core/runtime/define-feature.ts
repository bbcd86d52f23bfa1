import type { Static, TObject, TProperties, TSchema } from '@sinclair/typebox';
import type { SourceName } from '../../company/table.ts';
import { type Catalogue, catalogueOf, type FigurePath, type Title } from '../figures/catalogue.ts';
import { type Sheet, type SheetDefinition, sheetsOf } from '../figures/sheet.ts';
import type { AsOf } from '../figures/zone.ts';
import type { TableColumns } from '../mirror/catalog.ts';
import type { MirrorObject } from '../mirror/mirror-object.ts';
import type { MirrorReader } from '../mirror/reader.ts';
import type { NotificationRule } from './notification-rule.ts';
import type { Question } from './question.ts';
import type { Unavailable } from './snapshot.ts';

/** A part of the snapshot with its own route: `GET /api/{feature}/{path}`. */
export interface Part<Data> {
  readonly path: string;
  readonly summary: string;
  readonly schema: TSchema;
  select(data: Data): unknown;
}

/** A hub event for SignalR clients: its target, and its one argument made from the snapshot's data. */
export interface HubEvent<Data> {
  readonly target: string;
  readonly schema: TSchema;
  /** @param reason why it is sent; some events include it as `type` */
  argument(data: Data, reason: EmissionReason): unknown;
}

export type EmissionReason = 'Initial' | 'Auto' | 'Manual';

/** What a hub sends in addition to whole snapshots. */
export interface HubDefinition<Data> {
  readonly events: readonly HubEvent<Data>[];
  /** Argument of `InitialData`. Default: the whole data. */
  initialData?(data: Data): unknown;
  /** Whether every emission includes `InitialData`. */
  readonly initialDataAtEachEmission?: boolean;
  /** Notifications, which are not throttled. */
  readonly notificationRules?: readonly NotificationRule<Data>[];
}

/** What a slice computes from one state of the mirror. */
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
  /** Rollups, derived tables and indexes of the mirror that its queries need, in the order of creation. */
  readonly objects: readonly MirrorObject[];
  readonly schema: TSchema;
  /** Its figures and lists, derived from the schema: titles, units and which direction is good. */
  readonly catalogue: Catalogue;
  /** Paths of the figures that represent the feature, the most important first. */
  readonly headlines: readonly string[];
  /** Its tables in spreadsheets. */
  readonly sheets: readonly Sheet[];
  readonly parts: readonly Part<Data>[];
  readonly questions: readonly Question<Data>[];
  readonly hub: HubDefinition<Data>;
  /** Every figure of the snapshot. A pure function of the rows, `now` and the calendar. */
  figures(reader: MirrorReader, asOf: AsOf): Figures<Data>;
}

/** The pure rules of a slice: the figures as of `now`, from what its repository reads. */
export interface FeatureService<Data> {
  snapshot(asOf: AsOf): Figures<Data>;
}

export interface FeatureDefinition<Schema extends TSchema, Repository> {
  /** Lower-case English; the path of its routes and of its hub. */
  readonly name: string;
  readonly title: Title;
  readonly description: string;
  readonly source: SourceName;
  readonly reads: TableColumns;
  readonly objects?: readonly MirrorObject[];
  readonly repository: (reader: MirrorReader) => Repository;
  readonly service: (repository: Repository) => FeatureService<Static<Schema>>;
  /** The snapshot's `data`. */
  readonly schema: Schema;
  /** The 4 or 5 figures that represent the feature, the most important first. */
  readonly headlines: readonly FigurePath<Static<Schema>>[];
  /** Its tables in spreadsheets. Their names are unique over all features. */
  readonly sheets?: readonly SheetDefinition<Static<Schema>>[];
  readonly parts: readonly Part<Static<Schema>>[];
  readonly questions?: readonly Question<Static<Schema>>[];
  readonly hub: HubDefinition<Static<Schema>>;
}

/**
 * Creates a feature from its definition.
 *
 * @throws TypeError when a figure or a column of its schema has no title, or a sheet names what the schema does not have
 *
 * @example
 * export const content = defineFeature({ name: 'content', source: 'sql', reads: { Courses: ['Id', 'Name'] }, … });
 */
export function defineFeature<Schema extends TSchema, Repository>(
  definition: FeatureDefinition<Schema, Repository>,
): Feature<Static<Schema>> {
  const { repository, service, objects = [], questions = [], sheets = [], ...rest } = definition;
  const catalogue = catalogueOf(definition.name, definition.schema);
  return {
    ...rest,
    objects,
    questions,
    catalogue,
    sheets: sheetsOf(definition.name, catalogue, sheets),
    figures: (reader, asOf) => service(repository(reader)).snapshot(asOf),
  };
}

/**
 * Parts of the snapshot, unchanged. The description of a property is the summary of its routes.
 *
 * @param paths by property: its route, and aliases of it
 *
 * @example
 * partsOf(ContentData, { summary: 'summary', list: ['list', 'courses'] })
 */
export function partsOf<Properties extends TProperties>(
  schema: TObject<Properties>,
  paths: { readonly [Name in keyof Properties]?: string | readonly string[] },
): Part<Static<TObject<Properties>>>[] {
  return Object.entries(schema.properties).flatMap(([name, part]) =>
    parts(paths[name] ?? [], part.description ?? name, part, (data: Readonly<Record<string, unknown>>) => data[name]),
  );
}

/**
 * A part of the snapshot that is computed from its data.
 *
 * @param paths the route, and aliases of it
 */
export function parts<Data, Schema extends TSchema>(
  paths: string | readonly string[],
  summary: string,
  schema: Schema,
  select: (data: Data) => Static<Schema>,
): Part<Data>[] {
  return [paths].flat().map((path) => ({ path, summary, schema, select }));
}
