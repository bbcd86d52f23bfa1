import { type Static, Type } from '@sinclair/typebox';
import { Count, Nullable } from '../runtime/schema.ts';

/** Schemas of what accompanies the data of a snapshot. */
export const UnavailableSchema = Type.Object(
  {
    figure: Type.String({ description: 'Path of the figure in data', examples: ['summary.AverageResolutionDays'] }),
    column: Type.String({ description: 'The optional column that is missing', examples: ['Claims.UpdatedAt'] }),
  },
  { $id: 'Unavailable', description: 'A figure that could not be computed' },
);
export type Unavailable = Static<typeof UnavailableSchema>;

export const ProblemSchema = Type.Object(
  {
    kind: Type.String({
      enum: ['missing-column', 'unreadable-value', 'duplicate-key'],
      description: 'What is wrong',
      examples: ['unreadable-value'],
    }),
    table: Type.String({ examples: ['Payments'] }),
    column: Type.String({ examples: ['Amount'] }),
    rows: Count('Affected rows; 0 for a missing column'),
    example: Nullable(Type.String(), { description: 'Key of one such row', examples: ['4711'] }),
  },
  {
    $id: 'DataProblem',
    description: 'A problem in the source data that affects figures',
  },
);
export type DataProblem = Static<typeof ProblemSchema>;
