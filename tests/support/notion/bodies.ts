import { type Static, Type } from '@sinclair/typebox';

/**
 * The bodies that Notion takes, of the calls that are imitated
 * (https://developers.notion.com/reference/create-a-database, /query-a-data-source, /post-page, /patch-page). Unknown keys
 * fail validation (https://developers.notion.com/changelog/notion-version-2021-08-16). Sizes are those of
 * https://developers.notion.com/reference/request-limits.
 */

const exact = { additionalProperties: false };

const RichText = Type.Array(
  Type.Object(
    {
      type: Type.Optional(Type.Literal('text')),
      text: Type.Object({ content: Type.String({ maxLength: 2_000 }) }, exact),
    },
    exact,
  ),
  { maxItems: 100 },
);
const Empty = Type.Object({}, exact);
const Id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/** An ISO 8601 date, or an instant with its offset. */
const DateText = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2}))?$',
});

/** Values by the type of the property. Names of options have no comma. */
export const PROPERTY_VALUES = {
  title: Type.Object({ title: RichText }, exact),
  rich_text: Type.Object({ rich_text: RichText }, exact),
  number: Type.Object({ number: Type.Union([Type.Number(), Type.Null()]) }, exact),
  select: Type.Object(
    {
      select: Type.Union([
        Type.Object({ name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^,]+$' }) }, exact),
        Type.Null(),
      ]),
    },
    exact,
  ),
  date: Type.Object({ date: Type.Union([Type.Object({ start: DateText }, exact), Type.Null()]) }, exact),
  checkbox: Type.Object({ checkbox: Type.Boolean() }, exact),
} as const;

const Properties = Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown()));

export const CreateDatabase = Type.Object(
  {
    parent: Type.Object({ type: Type.Literal('page_id'), page_id: Id }, exact),
    title: RichText,
    initial_data_source: Type.Object(
      {
        properties: Type.Record(
          Type.String(),
          Type.Union([
            Type.Object({ title: Empty }, exact),
            Type.Object({ rich_text: Empty }, exact),
            Type.Object({ number: Empty }, exact),
            Type.Object({ select: Empty }, exact),
            Type.Object({ date: Empty }, exact),
          ]),
        ),
      },
      exact,
    ),
  },
  exact,
);

export const UpdateDatabase = Type.Object({ title: RichText }, exact);

export const QueryDataSource = Type.Object(
  {
    page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    start_cursor: Type.Optional(Type.String()),
    sorts: Type.Optional(
      Type.Array(Type.Object({ timestamp: Type.Literal('created_time'), direction: Type.Literal('ascending') }, exact)),
    ),
    filter: Type.Optional(
      Type.Object({ property: Type.String(), title: Type.Object({ equals: Type.String() }, exact) }, exact),
    ),
  },
  exact,
);
export type QueryDataSource = Static<typeof QueryDataSource>;

export const CreatePage = Type.Object(
  {
    parent: Type.Object({ type: Type.Literal('data_source_id'), data_source_id: Id }, exact),
    properties: Properties,
  },
  exact,
);

export const UpdatePage = Type.Object({ properties: Properties }, exact);
