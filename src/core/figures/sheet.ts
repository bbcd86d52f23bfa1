import type { Catalogue, Figure, FigurePath, List } from './catalogue.ts';

/**
 * A table for people who work in a spreadsheet: the rows of a list, or figures one below the other. Titles, units and formats
 * follow from the catalogue.
 */
export type Sheet =
  | { readonly name: string; readonly list: List }
  | { readonly name: string; readonly figures: readonly Figure[] };

/** How a slice declares a sheet: the path of a list, or the paths of the objects with the figures. */
export type SheetDefinition<Data> =
  | { readonly name: string; readonly list: ListPath<Data> }
  | { readonly name: string; readonly figures: readonly FigureGroupPath<Data>[] };

/** Paths of the lists in a snapshot's data: `'active' | 'stats.CategoryBreakdown' | …`. */
export type ListPath<Data> = Data extends readonly unknown[]
  ? never
  : Data extends object
    ? { [Name in keyof Data & string]: ListPathFrom<Name, NonNullable<Data[Name]>> }[keyof Data & string]
    : never;

type ListPathFrom<Name extends string, Value> = string extends Name
  ? never
  : Value extends readonly object[]
    ? Name
    : `${Name}.${ListPath<Value>}`;

/** Paths of the objects that contain figures: `'summary' | 'growth' | 'growth.Summary' | …`. */
export type FigureGroupPath<Data> = Data extends readonly unknown[]
  ? never
  : Data extends object
    ? { [Name in keyof Data & string]: GroupPathFrom<Name, NonNullable<Data[Name]>> }[keyof Data & string]
    : never;

type GroupPathFrom<Name extends string, Value> = [FigurePath<Value>] extends [never]
  ? never
  : Name | `${Name}.${FigureGroupPath<Value>}`;

/**
 * Looks the lists and figures of sheets up in the catalogue.
 *
 * @throws TypeError if the catalogue lacks one, or two sheets have the same name
 */
export function sheetsOf<Data>(
  feature: string,
  catalogue: Catalogue,
  definitions: readonly SheetDefinition<Data>[],
): Sheet[] {
  return definitions.map((definition, index) => {
    const { name } = definition;
    if (definitions.findIndex((other) => other.name === name) !== index) {
      throw new TypeError(`${feature}: two sheets are called ${name}`);
    }
    if ('list' in definition) {
      const list = catalogue.lists.find(({ path }) => path === definition.list);
      if (list === undefined) throw new TypeError(`${feature}: the sheet ${name} names no list: ${definition.list}`);
      return { name, list };
    }
    return { name, figures: definition.figures.flatMap((group) => figuresIn(group, catalogue, `${feature}: ${name}`)) };
  });
}

function figuresIn(group: string, { figures }: Catalogue, where: string): Figure[] {
  const found = figures.filter(({ path }) => path.startsWith(`${group}.`));
  if (found.length === 0) throw new TypeError(`${where} names no figures: ${group}`);
  return found;
}
