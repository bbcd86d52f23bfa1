import type { CreateDatabaseParameters, CreatePageParameters } from '@notionhq/client';
import type { Instant } from '../../core/figures/calendar.ts';
import { type FigureValue, figureContent } from './figure-values.ts';

/** Types of the properties that a figure has, by name. */
const PROPERTY_TYPES = {
  Key: 'title',
  Feature: 'select',
  Figure: 'rich_text',
  Value: 'number',
  Unit: 'select',
  At: 'date',
} as const;

/** The properties of a new data source. */
export const NEW_PROPERTIES = {
  Key: { title: {} },
  Feature: { select: {} },
  Figure: { rich_text: {} },
  Value: { number: {} },
  Unit: { select: {} },
  At: { date: {} },
} satisfies NonNullable<NonNullable<CreateDatabaseParameters['initial_data_source']>['properties']>;

/** Longer text is refused (https://developers.notion.com/reference/request-limits, "Size limits"), characters. */
const LONGEST_TEXT = 2_000;

/** The properties of a figure's page. */
export function pageProperties(
  { key, feature, title, value, unit }: FigureValue,
  at: Instant,
): NonNullable<CreatePageParameters['properties']> {
  return {
    Key: { title: richText(key) },
    Feature: { select: { name: feature } },
    Figure: { rich_text: richText(title) },
    Value: { number: value },
    Unit: { select: { name: unit } },
    At: { date: { start: new Date(at).toISOString() } },
  };
}

export function richText(content: string) {
  return [{ type: 'text' as const, text: { content: content.slice(0, LONGEST_TEXT) } }];
}

/** A property value of a page, as far as a figure uses it. */
interface ReadProperty {
  readonly title?: readonly ReadText[];
  readonly rich_text?: readonly ReadText[];
  readonly select?: { readonly name: string } | null;
  readonly number?: number | null;
}

interface ReadText {
  readonly plain_text?: string;
  readonly text?: { readonly content: string };
}

/** What a page shows: the key of its figure, and the rest in the form of `figureContent`. */
export function readPageProperties(properties: Readonly<Record<string, ReadProperty>>): {
  readonly key: string;
  readonly content: string;
} {
  const { Key, Feature, Figure, Value, Unit } = properties;
  return {
    key: plainText(Key?.title),
    content: figureContent({
      feature: Feature?.select?.name ?? '',
      title: plainText(Figure?.rich_text),
      value: Value?.number ?? null,
      unit: Unit?.select?.name ?? '',
    }),
  };
}

function plainText(items: readonly ReadText[] = []): string {
  return items.map(({ plain_text, text }) => plain_text ?? text?.content ?? '').join('');
}

/**
 * What a person has to change so that the data source can hold figures again; undefined if nothing.
 *
 * @param found the type of each property, by name
 */
export function wrongProperties(found: Readonly<Record<string, { readonly type: string }>>): string | undefined {
  const wrong = Object.entries(PROPERTY_TYPES).flatMap(([name, type]) => {
    const property = found[name];
    if (property === undefined) return [`property "${name}" of type ${type} is missing or renamed`];
    return property.type === type ? [] : [`property "${name}" has type ${property.type} and must have ${type}`];
  });
  if (wrong.length === 0) return undefined;
  // More would leave no room in a status for what to do.
  return wrong.slice(0, 2).join(', ') + (wrong.length > 2 ? `, and ${wrong.length - 2} more` : '');
}
