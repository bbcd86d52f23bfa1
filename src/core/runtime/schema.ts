import { type SchemaOptions, type TSchema, Type } from '@sinclair/typebox';

/**
 * The few schema shapes that every slice needs. One TypeBox schema is the DTO, its validation, its OpenAPI entry and its
 * static type; the OpenAPI document turns the unions with null into what OpenAPI 3.0 has for them.
 */

/** A value, or null if there is none. */
export function Nullable<Schema extends TSchema>(schema: Schema, options?: SchemaOptions) {
  return Type.Union([schema, Type.Null()], options);
}

/** A count: a whole number from 0. */
export function Count(description: string) {
  return Type.Integer({ description, minimum: 0, examples: [42] });
}

/** Money in BRL with at most 2 decimals. */
export function Money(description: string) {
  return Type.Number({ description: `${description}, in BRL`, examples: [1234.5] });
}

/** A share of a whole, 0 to 100, with at most 2 decimals. */
export function Percentage(description: string) {
  return Type.Number({ description: `${description}, in percent`, minimum: 0, maximum: 100, examples: [12.34] });
}

/** An instant as ISO 8601 text with `Z`. */
export function InstantText(description: string) {
  return Type.String({ description, format: 'date-time', examples: ['2026-03-01T12:00:00.000Z'] });
}

/** A calendar day, `YYYY-MM-DD`, UTC. */
export function DayText(description: string) {
  return Type.String({ description, pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-03-01'] });
}

/** Why an event of a hub is sent, where the event carries it. */
export const EmissionType = Type.String({
  enum: ['Initial', 'Auto', 'Manual'],
  description: 'Why it is sent',
  examples: ['Auto'],
});
