import { catalogueOf, type DescribedSchema, type List, type Title } from '../../core/figures/catalogue.ts';
import { valueAt } from '../../core/figures/value-at.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { isRecord, type Json } from '../../core/runtime/json.ts';
import { InvalidInputError } from '../../core/runtime/parse-input.ts';
import type { Row, Table, TableColumn } from './table.ts';

/** What can be exported of a feature: its figures, or one of its lists. */
export interface ExportPart {
  /** `by-reason`, as in the path of its route. */
  readonly name: string;
  /** Other spellings: `byReason`, as in the catalogue. */
  readonly aliases: readonly string[];
  readonly title: Title;
  readonly columns: readonly TableColumn[];
  /** Its rows are rows of another part, so a file with every part leaves it out. */
  readonly isSelection: boolean;
  rows(data: unknown): readonly Row[];
}

const FIGURES = 'figures';

const FIGURE_COLUMNS: readonly TableColumn[] = [
  { name: 'key', title: { en: 'Key', pt: 'Chave' }, kind: 'text' },
  { name: 'title', title: { en: 'Figure', pt: 'Indicador' }, kind: 'text' },
  { name: 'value', title: { en: 'Value', pt: 'Valor' }, kind: 'number', unitColumn: 'unit' },
  { name: 'unit', title: { en: 'Unit', pt: 'Unidade' }, kind: 'text' },
];

/** The parts of a feature: its figures first, then its lists, then the selections of them that have routes. */
export function exportParts(feature: Feature): readonly ExportPart[] {
  const lists = feature.catalogue.lists.map((list) => partOfList(list, (data) => valueAt(data, list.path)));
  const names = new Set([FIGURES, ...lists.flatMap(({ name, aliases }) => [name, ...aliases])]);
  const selections = feature.parts.flatMap(({ path, schema, select }) => {
    const list = names.has(path) ? undefined : listOfSchema(feature.name, path, schema);
    return list === undefined ? [] : [{ ...partOfList(list, select), isSelection: true }];
  });
  return [figuresOf(feature), ...lists, ...selections];
}

/**
 * The part with this name or alias.
 *
 * @throws InvalidInputError that lists the names
 */
export function partNamed(parts: readonly ExportPart[], name: string): ExportPart {
  const found = parts.find((part) => part.name === name) ?? parts.find(({ aliases }) => aliases.includes(name));
  if (found !== undefined) return found;
  throw new InvalidInputError({ part: [`${JSON.stringify(name)} is none of ${namesOf(parts)}`] });
}

/** @throws InvalidInputError that lists the names */
export function refuseMissingPart(parts: readonly ExportPart[], format: string): never {
  throw new InvalidInputError({ part: [`a file of ${format} holds one part; choose one of ${namesOf(parts)}`] });
}

export function tableOf({ name, title, columns, rows }: ExportPart, data: unknown): Table {
  return { name, title: title.pt, columns, rows: rows(data) };
}

function namesOf(parts: readonly ExportPart[]): string {
  return parts.map(({ name }) => name).join(', ');
}

function figuresOf({ name, catalogue }: Feature): ExportPart {
  return {
    name: FIGURES,
    aliases: [],
    title: { en: 'Figures', pt: 'Indicadores' },
    columns: FIGURE_COLUMNS,
    isSelection: false,
    rows: (data) =>
      catalogue.figures.map(({ path, title, unit }) => {
        const value = valueAt(data, path);
        return { key: `${name}.${path}`, title: title.pt, value: typeof value === 'number' ? value : null, unit };
      }),
  };
}

function partOfList({ path, title, columns }: List, select: (data: unknown) => unknown): ExportPart {
  const name = kebabCase(path);
  return {
    name,
    aliases: path === name ? [] : [path],
    title,
    columns,
    isSelection: false,
    rows(data) {
      const rows = select(data);
      return Array.isArray(rows) ? rows.filter(isRow) : [];
    },
  };
}

/** The list that a schema describes; undefined if it does not describe one. */
function listOfSchema(feature: string, path: string, schema: DescribedSchema): List | undefined {
  if (schema.items?.properties === undefined || schema.display === undefined) return undefined;
  return catalogueOf(feature, { properties: { [path]: schema } }).lists[0];
}

function isRow(value: unknown): value is Readonly<Record<string, Json>> {
  return isRecord(value);
}

/** `byReason` becomes `by-reason`, `stats.CategoryBreakdown` becomes `stats-category-breakdown`. */
function kebabCase(path: string): string {
  return path
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll('.', '-')
    .toLowerCase();
}
