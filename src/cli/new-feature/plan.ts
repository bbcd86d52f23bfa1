import { parseArgs } from 'node:util';
import type { ColumnKind } from '../../company/column.ts';
import type { SourceName, Table } from '../../company/table.ts';

/** The specification of a new slice. */
export interface FeaturePlan {
  /** Lower case: `coupons`. */
  readonly name: string;
  /** `Coupons`. */
  readonly pascal: string;
  readonly title: { readonly en: string; readonly pt: string };
  readonly source: SourceName;
  readonly table: string;
  /** Columns of a new table; null if the table exists. */
  readonly newColumns: readonly NewColumn[] | null;
  /** The column that groups rows. */
  readonly group: { readonly column: string; readonly kind: GroupKind };
  /** A money column to add up, if any. */
  readonly amount: string | null;
  /** The column with the creation date of a row, if any. */
  readonly instant: string | null;
}

export type GroupKind = 'label' | 'code' | 'numeric-code';

export interface NewColumn {
  readonly name: string;
  readonly kind: NewColumnKind;
  readonly nullable: boolean;
}

const GROUP_KINDS: readonly GroupKind[] = ['code', 'label', 'numeric-code'];
const NEW_COLUMN_KINDS = [
  'text',
  'label',
  'numeric-code',
  'money',
  'quantity',
  'instant',
  'flag',
  'reference',
] as const;
export type NewColumnKind = (typeof NEW_COLUMN_KINDS)[number];
const DEFAULT_COLUMNS = 'Name:text,Category:label,Amount:money,CreatedAt:instant';
/** Names of other paths and hubs. */
const RESERVED = [
  'about',
  'all',
  'api',
  'assets',
  'docs',
  'health',
  'hubs',
  'notifications',
  'ready',
  'rows',
  'swagger',
];

export const USAGE = `npm run new-feature -- <name> [options]

  --table <Table>      the table to read; default: the name, capitalized
  --source sql         declares a new table, with --columns
  --columns <list>     its columns besides Id; default: ${DEFAULT_COLUMNS}
                       kinds: ${NEW_COLUMN_KINDS.join(', ')}; a "?" after a kind allows null
  --title <words>      its title in Portuguese
  --title-en <words>   its title in English`;

/** The slice cannot be written; the message says why. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** Existing features and tables. */
export interface Existing {
  readonly features: readonly string[];
  readonly tables: readonly Table[];
}

/** @throws PlanError that says what to change */
export function planFeature(args: readonly string[], existing: Existing): FeaturePlan {
  const { name, options } = readOptions(args);
  if (!/^[a-z]+$/.test(name)) throw new PlanError(`"${name}" is no name: use lower-case letters, such as coupons`);
  if (RESERVED.includes(name)) throw new PlanError(`${name} is a path of the server: choose another name`);
  if (existing.features.includes(name)) throw new PlanError(`There is a feature ${name}`);
  const pascal = capitalized(name);
  const table = options.table ?? pascal;
  const found = existing.tables.find((each) => each.name === table);
  const title = { en: capitalized(options['title-en'] ?? name), pt: capitalized(options.title ?? name) };
  const base = { name, pascal, title, table };
  if (options.source === undefined) {
    if (found === undefined) throw new PlanError(`There is no table ${table}: --source sql makes it`);
    return { ...base, source: found.source, newColumns: null, ...chooseColumns(table, columnsOf(found)) };
  }
  if (options.source !== 'sql') throw new PlanError('Only tables of SQL Server can be made: --source sql');
  if (found !== undefined) throw new PlanError(`There is a table ${table}: leave --source out to read it`);
  if (!/^[A-Z][A-Za-z]*$/.test(table)) throw new PlanError(`"${table}" is no name of a table: such as Coupons`);
  const newColumns = readColumns(options.columns ?? DEFAULT_COLUMNS);
  return { ...base, source: 'sql', newColumns, ...chooseColumns(table, newColumns) };
}

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { table: text, source: text, columns: text, title: text, 'title-en': text };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new PlanError('One name is needed');
    return { name, options: values };
  } catch (error) {
    throw error instanceof PlanError ? error : new PlanError(error instanceof Error ? error.message : String(error));
  }
}

function readColumns(list: string): NewColumn[] {
  const columns = list.split(',').map((text) => {
    const [, name, kind, mark] = /^([A-Z][A-Za-z0-9]*):([a-z-]+)(\??)$/.exec(text.trim()) ?? [];
    const known = NEW_COLUMN_KINDS.find((each) => each === kind);
    if (name === undefined || known === undefined) {
      throw new PlanError(`"${text}" is no column: such as Amount:money, with one of ${NEW_COLUMN_KINDS.join(', ')}`);
    }
    return { name, kind: known, nullable: mark === '?' };
  });
  const names = ['Id', ...columns.map(({ name }) => name)];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new PlanError(`The column ${twice} is there twice; Id is always made`);
  return columns;
}

interface PlainColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly nullable: boolean;
}

/**
 * The columns that every database has. Leaves out instants of documents, which may be text and then need their own rules.
 */
function columnsOf({ columns, optional, source }: Table): PlainColumn[] {
  const all = optional ? [] : Object.entries(columns).filter(([, column]) => !column.optional);
  const plain = all.map(([name, { kind, nullable }]) => ({ name, kind, nullable }));
  return source === 'sql' ? plain : plain.filter(({ kind }) => kind !== 'instant');
}

/** Leaves out nullable columns, except instants: a row without one is in no window. */
function chooseColumns(
  table: string,
  columns: readonly PlainColumn[],
): Pick<FeaturePlan, 'group' | 'amount' | 'instant'> {
  const filled = columns.filter(({ nullable }) => !nullable);
  const group = GROUP_KINDS.flatMap((kind) =>
    filled.filter((column) => column.kind === kind).map(({ name }) => ({ column: name, kind })),
  )[0];
  if (group === undefined) {
    throw new PlanError(
      `${table} has nothing to group by: a column of kind ${GROUP_KINDS.join(', ')} that is never null`,
    );
  }
  const instants = [...filled, ...columns].filter(({ kind }) => kind === 'instant');
  return {
    group,
    amount: filled.find(({ kind }) => kind === 'money')?.name ?? null,
    instant: (instants.find(({ name }) => name === 'CreatedAt') ?? instants[0])?.name ?? null,
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
