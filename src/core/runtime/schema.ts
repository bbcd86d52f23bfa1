import {
  FormatRegistry,
  type IntegerOptions,
  type NumberOptions,
  type SchemaOptions,
  type StringOptions,
  type TSchema,
  Type,
} from '@sinclair/typebox';
import type { ColumnKind, Display, GoodDirection, Title, Unit } from '../figures/catalogue.ts';

/**
 * The schema shapes that the slices share. One TypeBox schema is the DTO, its validation, its OpenAPI entry, its static
 * type and, with a label, its entry in the catalogue of figures. The OpenAPI document leaves labels out and turns unions
 * with null into `nullable`.
 */

// TypeBox rejects every value of a format that it does not know.
FormatRegistry.Set('date-time', (text) => !Number.isNaN(Date.parse(text)));
FormatRegistry.Set('uri', (text) => URL.canParse(text));

/** The title of a figure or a column, and its good direction. */
export interface Label extends Title {
  /** Which direction is good news; `neither` by default. */
  readonly good?: GoodDirection;
}

/** A value, or null if there is none. The description is that of the value unless given. */
export function Nullable<Schema extends TSchema>(schema: Schema, options?: SchemaOptions) {
  const described = schema.description === undefined ? {} : { description: schema.description };
  return Type.Union([schema, Type.Null()], { ...described, ...options });
}

/** A count: a whole number from 0. */
export function Count(description: string, label?: Label) {
  return Type.Integer({ description, minimum: 0, examples: [42], ...display('integer', label, 'count') });
}

/** A mean of counts, with decimals. */
export function MeanCount(description: string, label?: Label) {
  return Type.Number({ description, minimum: 0, examples: [12.5], ...display('number', label, 'count') });
}

/** Money in BRL with at most 2 decimals. */
export function Money(description: string, label?: Label) {
  return Type.Number({ description: `${description}, in BRL`, examples: [1234.5], ...display('number', label, 'BRL') });
}

/** A share of a whole, 0 to 100, with at most 2 decimals. */
export function Percentage(description: string, label?: Label) {
  const described = { description: `${description}, in percent`, minimum: 0, maximum: 100, examples: [12.34] };
  return Type.Number({ ...described, ...display('number', label, 'percent') });
}

/** Days with at most 2 decimals. */
export function Days(description: string, label?: Label, options?: NumberOptions) {
  return Type.Number({ description, examples: [12.5], ...options, ...display('number', label, 'days') });
}

/** Whole days. */
export function WholeDays(description: string, label?: Label, options?: IntegerOptions) {
  return Type.Integer({ description, minimum: 0, examples: [12], ...options, ...display('integer', label, 'days') });
}

/** Minutes with at most 2 decimals. */
export function Minutes(description: string, label?: Label) {
  return Type.Number({ description, minimum: 0, examples: [4210.75], ...display('number', label, 'minutes') });
}

/** A size in whole bytes. */
export function Bytes(description: string, label?: Label) {
  return Type.Integer({ description, minimum: 0, examples: [734003200], ...display('integer', label, 'bytes') });
}

/** A size in units of 1024² bytes, with at most 2 decimals. */
export function Megabytes(description: string, label?: Label) {
  const described = { description: `${description}, in units of 1024² bytes`, minimum: 0, examples: [700] };
  return Type.Number({ ...described, ...display('number', label, 'megabytes') });
}

/** A size in units of 1024³ bytes, with at most 2 decimals. */
export function Gigabytes(description: string, label?: Label) {
  const described = { description: `${description}, in units of 1024³ bytes`, minimum: 0, examples: [0.68] };
  return Type.Number({ ...described, ...display('number', label, 'gigabytes') });
}

/** A whole number that names something and is never added up. */
export function Key(description: string, label: Label, example: number) {
  return Type.Integer({ description, examples: [example], ...display('integer', label) });
}

export function Text(description: string, label: Label, example: string, options?: StringOptions) {
  return Type.String({ description, examples: [example], ...options, ...display('text', label) });
}

export function Flag(description: string, label: Label) {
  return Type.Boolean({ description, examples: [true], ...display('boolean', label) });
}

/** An address to open. */
export function Link(description: string, label: Label, example: string) {
  return Type.String({ description, format: 'uri', examples: [example], ...display('link', label) });
}

/** An instant as ISO 8601 text with `Z`. */
export function InstantText(description: string, label?: Label) {
  const described = { description, format: 'date-time', examples: ['2026-03-01T12:00:00.000Z'] };
  return Type.String({ ...described, ...display('instant', label) });
}

/** A calendar day, `YYYY-MM-DD`. */
export function DayText(description: string, label?: Label) {
  const described = { description, pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-03-01'] };
  return Type.String({ ...described, ...display('day', label) });
}

/** A calendar month, `YYYY-MM`. */
export function MonthText(description: string, label?: Label) {
  const described = { description, pattern: '^\\d{4}-\\d{2}$', examples: ['2026-03'] };
  return Type.String({ ...described, ...display('month', label) });
}

/** A list whose rows are objects. */
export function List<Row extends TSchema>(row: Row, description: string, { en, pt }: Title) {
  return Type.Array(row, { description, display: { title: { en, pt } } satisfies Display });
}

/** Why an event of a hub is sent, where the event carries it. */
export const EmissionType = Type.String({
  enum: ['Initial', 'Auto', 'Manual'],
  description: 'Why it is sent',
  examples: ['Auto'],
});

function display(kind: ColumnKind, label: Label | undefined, unit?: Unit): { readonly display?: Display } {
  if (label === undefined) return {};
  const { en, pt, good = 'neither' } = label;
  return { display: { title: { en, pt }, kind, ...(unit === undefined ? {} : { unit, good }) } };
}
