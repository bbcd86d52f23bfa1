import { type Static, Type } from '@sinclair/typebox';
import { Count, Nullable } from '../runtime/schema.ts';

/** What a snapshot tells besides its data. */
export const UnavailableSchema = Type.Object(
  {
    figure: Type.String({ description: 'Path of the figure in data', examples: ['summary.AverageResolutionDays'] }),
    column: Type.String({ description: 'The optional column it lacks', examples: ['Claims.UpdatedAt'] }),
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
    rows: Count('Rows that it concerns; 0 for a column that is not there'),
    example: Nullable(Type.String(), { description: 'Key of one such row', examples: ['4711'] }),
  },
  {
    $id: 'DataProblem',
    description: 'Something in the data that the figures are made of, and that a person should know',
  },
);
export type DataProblem = Static<typeof ProblemSchema>;
