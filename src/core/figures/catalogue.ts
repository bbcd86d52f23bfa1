/** A title for people, in both languages of the product. */
export interface Title {
  readonly en: string;
  readonly pt: string;
}

export type Unit = 'BRL' | 'count' | 'percent' | 'days' | 'minutes' | 'bytes' | 'megabytes' | 'gigabytes';

/** Which direction of a figure is good news. */
export type GoodDirection = 'up' | 'down' | 'neither';

export type ColumnKind = 'text' | 'integer' | 'number' | 'boolean' | 'instant' | 'day' | 'month' | 'link';

/** A single number of a snapshot, not in a list. */
export interface Figure {
  /** Where it is in `data`: `summary.WinRate`. */
  readonly path: string;
  readonly title: Title;
  readonly unit: Unit;
  readonly good: GoodDirection;
}

/** A list of a snapshot: an array of objects. */
export interface List {
  /** Where it is in `data`: `byReason`. */
  readonly path: string;
  readonly title: Title;
  readonly columns: readonly Column[];
}

export interface Column {
  readonly name: string;
  readonly title: Title;
  readonly kind: ColumnKind;
  readonly unit?: Unit;
  readonly good?: GoodDirection;
}

/** Every figure and every list of a feature, in the order of its schema. */
export interface Catalogue {
  readonly figures: readonly Figure[];
  readonly lists: readonly List[];
}

/** Paths of the figures in a snapshot's data: `'summary.WinRate' | 'summary.TotalClaims' | …`. */
export type FigurePath<Data> = Data extends readonly unknown[]
  ? never
  : Data extends object
    ? { [Name in keyof Data & string]: PathFrom<Name, NonNullable<Data[Name]>> }[keyof Data & string]
    : never;

/** The keys of a record are data, so its values have no path. */
type PathFrom<Name extends string, Value> = string extends Name
  ? never
  : Value extends number
    ? Name
    : `${Name}.${FigurePath<Value>}`;

/** How to display a value: the keyword `display` of its schema. */
export interface Display {
  readonly title: Title;
  /** Undefined for a list. */
  readonly kind?: ColumnKind;
  readonly unit?: Unit;
  readonly good?: GoodDirection;
}

/** The keywords of a JSON Schema that the catalogue reads. */
export interface DescribedSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly items?: DescribedSchema;
  readonly anyOf?: readonly DescribedSchema[];
  readonly display?: Display;
  readonly [keyword: string]: unknown;
}

/**
 * Derives the catalogue of a feature from the schema of its snapshot's data.
 *
 * Records, and strings that are not in a list, are left out.
 *
 * @throws TypeError if a number, a list or a column has no title, or a figure has no unit
 */
export function catalogueOf(feature: string, schema: DescribedSchema): Catalogue {
  const figures: Figure[] = [];
  const lists: List[] = [];
  const visit = (node: DescribedSchema, path: string) => {
    const { type, properties, items, display } = withoutNull(node);
    const where = `${feature}: ${path}`;
    if (properties !== undefined) {
      for (const [name, property] of Object.entries(properties))
        visit(property, path === '' ? name : `${path}.${name}`);
    } else if (items?.properties !== undefined) {
      lists.push({ path, title: titleOf(display, where), columns: columnsOf(items.properties, where) });
    } else if (type === 'number' || type === 'integer') {
      figures.push(figureOf(display, path, where));
    }
  };
  visit(schema, '');
  return { figures, lists };
}

/** The schema of a value that may be null. */
function withoutNull(node: DescribedSchema): DescribedSchema {
  return node.anyOf?.find(({ type }) => type !== 'null') ?? node;
}

function figureOf(display: Display | undefined, path: string, where: string): Figure {
  const title = titleOf(display, where);
  if (display?.unit === undefined) throw new TypeError(`${where} has no unit: use Count, Money or another figure`);
  return { path, title, unit: display.unit, good: display.good ?? 'neither' };
}

function columnsOf(properties: Readonly<Record<string, DescribedSchema>>, where: string): Column[] {
  return Object.entries(properties).map(([name, property]) => {
    const { display } = withoutNull(property);
    const title = titleOf(display, `${where}.${name}`);
    const { kind, unit, good } = display ?? {};
    if (kind === undefined) throw new TypeError(`${where}.${name} is a list in a list, which no table can show`);
    return { name, title, kind, ...(unit === undefined ? {} : { unit, good: good ?? 'neither' }) };
  });
}

function titleOf(display: Display | undefined, where: string): Title {
  if (display === undefined) throw new TypeError(`${where} has no title: give its schema one in both languages`);
  return display.title;
}
