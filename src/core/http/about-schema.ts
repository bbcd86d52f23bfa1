import { type Static, Type } from '@sinclair/typebox';
import { Nullable } from '../runtime/schema.ts';

const Title = Type.Object(
  {
    en: Type.String({ examples: ['Claim win rate'] }),
    pt: Type.String({ examples: ['Taxa de reclamações ganhas'] }),
  },
  { $id: 'Title', description: 'Words that people see, in both languages' },
);

const Unit = Type.Union(
  [
    Type.Literal('BRL'),
    Type.Literal('count'),
    Type.Literal('percent'),
    Type.Literal('days'),
    Type.Literal('minutes'),
    Type.Literal('bytes'),
    Type.Literal('megabytes'),
    Type.Literal('gigabytes'),
  ],
  { description: 'What it is measured in', examples: ['percent'] },
);

const Good = Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('neither')], {
  description: 'Which direction is good news',
  examples: ['up'],
});

const Figure = Type.Object(
  {
    path: Type.String({ description: 'Where it is in `data`', examples: ['summary.WinRate'] }),
    title: Title,
    unit: Unit,
    good: Good,
  },
  { $id: 'Figure', description: 'A number of a snapshot that stands alone' },
);

const Column = Type.Object(
  {
    name: Type.String({ examples: ['TotalAmount'] }),
    title: Title,
    kind: Type.Union(
      [
        Type.Literal('text'),
        Type.Literal('integer'),
        Type.Literal('number'),
        Type.Literal('boolean'),
        Type.Literal('instant'),
        Type.Literal('day'),
        Type.Literal('month'),
        Type.Literal('link'),
      ],
      { description: 'What its values are', examples: ['number'] },
    ),
    unit: Type.Optional(Unit),
    good: Type.Optional(Good),
  },
  { $id: 'Column' },
);

const List = Type.Object(
  {
    path: Type.String({ description: 'Where it is in `data`', examples: ['byReason'] }),
    title: Title,
    columns: Type.Array(Column),
  },
  { $id: 'List', description: 'A list of a snapshot, whose rows are objects' },
);

const AboutFeature = Type.Object(
  {
    name: Type.String({ description: 'Name of its routes and of its hub', examples: ['claims'] }),
    title: Title,
    description: Type.String({ examples: ['Disputes that buyers opened, and the money they put at risk'] }),
    headlines: Type.Array(Type.String({ examples: ['summary.WinRate'] }), {
      description: 'Paths of the figures that stand for the feature, the first above all',
    }),
    figures: Type.Array(Figure),
    lists: Type.Array(List),
    emitIntervalMs: Type.Integer({
      minimum: 0,
      description: 'Its hub sends at most once in this time',
      examples: [30000],
    }),
  },
  { $id: 'AboutFeature' },
);

const AboutHub = Type.Object(
  {
    name: Type.String({ examples: ['claims'] }),
    path: Type.String({ examples: ['/hubs/claims'] }),
    emitIntervalMs: Nullable(Type.Integer({ minimum: 0 }), {
      description:
        'It sends at most once in this time; 0 where everything is sent at once, null where each feature has its own',
      examples: [30000],
    }),
  },
  { $id: 'AboutHub' },
);

/** What a page, a script or an assistant needs to know before it reads. */
export const About = Type.Object(
  {
    name: Type.String({ examples: ['Greg BI'] }),
    version: Type.String({
      description: 'Of the server; a page of another version should load itself again',
      examples: ['0.1.0'],
    }),
    timeZone: Type.String({ description: 'IANA name of the zone of calendar days', examples: ['America/Sao_Paulo'] }),
    currency: Type.Literal('BRL', { description: 'Of every amount', examples: ['BRL'] }),
    features: Type.Array(AboutFeature),
    hubs: Type.Array(AboutHub),
  },
  { $id: 'About', description: 'The server, its features and their figures' },
);
export type About = Static<typeof About>;
