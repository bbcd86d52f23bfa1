import { type Static, Type } from '@sinclair/typebox';
import { InstantText, Nullable } from '../runtime/schema.ts';

/** The start of a step, and the last value in it; null where nothing was recorded. */
export type HistoryPoint = [start: string, value: number | null];

const Points = (description: string) =>
  Type.Unsafe<HistoryPoint[]>(
    Type.Array(Type.Array(Type.Union([Type.String(), Nullable(Type.Number())])), {
      description,
      examples: [
        [
          ['2026-03-01T12:00:00.000Z', 56.1],
          ['2026-03-01T12:01:00.000Z', null],
        ],
      ],
    }),
  );

const Series = Type.Object(
  {
    figure: Type.String({ description: 'Path of the figure', examples: ['summary.WinRate'] }),
    unit: Type.String({ description: 'What it is measured in', examples: ['percent'] }),
    points: Points(
      'One `[instant, value]` per step that begins in the period: the start of the step, and the last value in it. The value is null where nothing was recorded, or the figure had no value',
    ),
    previous: Type.Optional(
      Points(
        'With `compare=previous`: as many steps right before the period. The point at an index belongs to the point of `points` at the same index',
      ),
    ),
  },
  { $id: 'HistorySeries' },
);

/** The answer of `GET /api/{feature}/history`. */
export const History = Type.Object(
  {
    feature: Type.String({ examples: ['claims'] }),
    from: InstantText('Start of the period'),
    to: InstantText('End of the period, not included'),
    step: Type.Union([Type.Literal('minute'), Type.Literal('hour'), Type.Literal('day')], { examples: ['minute'] }),
    timeZone: Type.String({ description: 'IANA name of the zone of days', examples: ['America/Sao_Paulo'] }),
    series: Type.Array(Series),
  },
  { $id: 'History', description: 'Figures of a feature over time' },
);
export type History = Static<typeof History>;
