import { FormatRegistry } from '@sinclair/typebox';
import type { Table } from '../../src/company/table.ts';
import { type Rows, type TableName, tables } from '../../src/company/tables.ts';
import type { AsOf } from '../../src/core/figures/zone.ts';
import { createCalendar } from '../../src/core/figures/zone.ts';
import { EXACT_KEYS, type KeyComparison } from '../../src/core/mirror/catalog.ts';
import type { RawCell, RawRow } from '../../src/core/mirror/mirror-writer.ts';
import type { MirrorReader } from '../../src/core/mirror/reader.ts';
import type { Feature, Figures } from '../../src/core/runtime/define-feature.ts';
import { emptyMirror, mirroredBy, readerOf } from '../oracle/mirrored.ts';

/** A format that is not registered fits no value. */
if (!FormatRegistry.Has('date-time')) FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text);
if (!FormatRegistry.Has('uri')) FormatRegistry.Set('uri', (text) => URL.canParse(text));

/** Rows as a source hands them over, with only the cells that matter to a test. The others are null, a key is counted up. */
export type SomeRows = {
  readonly [Name in TableName]?: readonly { readonly [Column in keyof Rows[Name]]?: RawCell }[];
};

interface FiguresOptions {
  /** Optional columns, as `Table.Column`, and optional tables that the source lacks. */
  readonly without?: ReadonlySet<string>;
  readonly timeZone?: string;
  /** How the source compares keys; byte for byte unless told otherwise. */
  readonly keys?: KeyComparison;
}

/** A feature's figures over a few rows. */
export async function figuresOf<Data>(
  feature: Feature<Data>,
  rows: SomeRows,
  now: number,
  options: FiguresOptions = {},
): Promise<Figures<Data>> {
  return withRows(feature, rows, now, (reader, moment) => feature.figures(reader, moment), options);
}

/** Reads a mirror of a few rows. */
export async function withRows<Answer>(
  feature: Pick<Feature, 'source' | 'reads' | 'objects'>,
  rows: SomeRows,
  now: number,
  read: (reader: MirrorReader, moment: AsOf) => Answer,
  { without = new Set(), timeZone = 'UTC', keys = EXACT_KEYS }: FiguresOptions = {},
): Promise<Answer> {
  const mirror = emptyMirror([feature], feature.source);
  const own = Object.values<Table>(tables).filter(
    ({ source, name }) => source === feature.source && !without.has(name),
  );
  const columns = own.map(({ name, columns }) => [
    name,
    Object.keys(columns).filter((column) => !without.has(`${name}.${column}`)),
  ]);
  mirror.begin('load', { keys, columns: Object.fromEntries(columns) });
  const given = new Map<string, readonly object[]>(Object.entries(rows));
  for (const { table, columns } of mirroredBy([feature], feature.source)) {
    const raw = (given.get(table.name) ?? []).map((row, index) => rawRow(table, columns, row, index, without));
    mirror.rows(table.name, raw);
  }
  await mirror.commit('loaded');
  try {
    return read(readerOf(mirror), { now, calendar: createCalendar(timeZone) });
  } finally {
    mirror.close();
  }
}

function rawRow(
  table: Table,
  columns: readonly string[],
  row: object,
  index: number,
  without: ReadonlySet<string>,
): RawRow {
  const cells = new Map<string, RawCell>(Object.entries(row));
  return columns.map((column) => {
    if (without.has(`${table.name}.${column}`)) return null;
    const filler =
      column !== table.key ? null : table.columns[column]?.isText ? `${table.name}-${index + 1}` : index + 1;
    return cells.get(column) ?? filler;
  });
}
