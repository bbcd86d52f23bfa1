import { Type } from '@sinclair/typebox';

/** What is read from Notion's answers, and no more (https://developers.notion.com/reference, version 2026-03-11). */

const InTrash = Type.Optional(Type.Boolean());

const Texts = Type.Array(
  Type.Object({
    plain_text: Type.Optional(Type.String()),
    text: Type.Optional(Type.Object({ content: Type.String() })),
  }),
);

export const PageAnswer = Type.Object({ id: Type.String({ minLength: 1 }), in_trash: InTrash });

const Cursor = { has_more: Type.Boolean(), next_cursor: Type.Optional(Type.Union([Type.String(), Type.Null()])) };

export const PagesAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      object: Type.Optional(Type.String()),
      id: Type.String({ minLength: 1 }),
      in_trash: InTrash,
      properties: Type.Record(
        Type.String(),
        Type.Object({
          title: Type.Optional(Texts),
          rich_text: Type.Optional(Texts),
          select: Type.Optional(Type.Union([Type.Object({ name: Type.String() }), Type.Null()])),
          number: Type.Optional(Type.Union([Type.Number(), Type.Null()])),
        }),
      ),
    }),
  ),
  request_status: Type.Optional(Type.Object({ type: Type.String() })),
  ...Cursor,
});

export const BlocksAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1 }),
      in_trash: InTrash,
      child_database: Type.Optional(Type.Object({ title: Type.String() })),
    }),
  ),
  ...Cursor,
});

export const DatabaseAnswer = Type.Object({
  id: Type.String({ minLength: 1 }),
  in_trash: InTrash,
  data_sources: Type.Array(Type.Object({ id: Type.String({ minLength: 1 }) })),
});

export const DataSourceAnswer = Type.Object({
  in_trash: InTrash,
  properties: Type.Record(Type.String(), Type.Object({ type: Type.String() })),
});

export const UserAnswer = Type.Object({ id: Type.String() });
