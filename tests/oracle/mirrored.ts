import type { SourceName, Table } from '../../src/company/table.ts';
import { type TableName, tables } from '../../src/company/tables.ts';
import { type Catalog, EXACT_KEYS, type MirroredTable, mirroredTables } from '../../src/core/mirror/catalog.ts';
import { MirrorDatabase } from '../../src/core/mirror/database.ts';
import type { RawCell, RawRow } from '../../src/core/mirror/mirror-writer.ts';
import type { MirrorReader } from '../../src/core/mirror/reader.ts';
import { mirrorShape } from '../../src/core/mirror/store-tables.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Company } from './rows.ts';

/** What a mirror needs to know of a feature. */
export type Mirrored = Pick<Feature, 'source' | 'reads' | 'objects'>;

/** The tables that features read from a source, as the mirror has them. */
export function mirroredBy(features: readonly Mirrored[], source: SourceName): MirroredTable[] {
  return mirroredTables(source, Object.values<Table>(tables), features);
}

/** An empty mirror in this thread. */
export function emptyMirror(features: readonly Mirrored[], source: SourceName): MirrorDatabase {
  const objects = features.filter((feature) => feature.source === source).flatMap((feature) => feature.objects);
  return new MirrorDatabase({ shape: mirrorShape(mirroredBy(features, source), objects), path: null });
}

/**
 * The mirror of a company, loaded at once: nothing but the door and the mirror lies between the rows and its reader.
 *
 * @param catalog of the source; keys compare byte for byte unless told otherwise
 */
export async function mirrorOf(
  company: Company,
  features: readonly Mirrored[],
  source: SourceName,
  catalog: Catalog = catalogOf(company, source),
): Promise<MirrorDatabase> {
  const mirror = emptyMirror(features, source);
  mirror.begin('load', catalog);
  for (const mirrored of mirroredBy(features, source)) mirror.rows(mirrored.table.name, rawRows(company, mirrored));
  await mirror.commit('loaded');
  return mirror;
}

export function readerOf(mirror: MirrorDatabase): MirrorReader {
  const reader = mirror.reader();
  if (reader === null) throw new Error('The mirror is empty');
  return reader;
}

/** What a database of the company has. */
export function catalogOf(company: Company, source: SourceName): Catalog {
  const missing: ReadonlySet<string> = company.missing;
  const own = Object.values<Table>(tables).filter(
    (table) => table.source === source && !(table.name === 'logs' && company.logs === null),
  );
  const columns = own.map(({ name, columns: all }) => [
    name,
    Object.keys(all).filter((column) => !missing.has(`${name}.${column}`)),
  ]);
  return { keys: EXACT_KEYS, columns: Object.fromEntries(columns) };
}

/** The rows of a table as a source hands them over. */
export function rawRows(company: Company, { table, columns }: MirroredTable): RawRow[] {
  const rows: readonly object[] = company[tableName(table.name)] ?? [];
  const missing: ReadonlySet<string> = company.missing;
  return rows.map((row) => {
    const cells = new Map<string, unknown>(Object.entries(row));
    return columns.map((name) =>
      missing.has(`${table.name}.${name}`) ? null : rawCell(table.columns[name]?.kind, cells.get(name) ?? null),
    );
  });
}

function tableName(name: string): TableName {
  const found = Object.values(tables).find((table) => table.name === name);
  if (found === undefined) throw new Error(`No table ${name}`);
  return found.name;
}

function rawCell(kind: string | undefined, cell: unknown): RawCell {
  if (typeof cell === 'number') {
    if (kind === 'instant') return new Date(cell).toISOString();
    if (kind === 'money') return cell / 100;
    if (kind === 'duration')
      return `${new Date(Math.floor(cell / 10_000)).toISOString().slice(11, 19)}.${String(cell % 10_000_000).padStart(7, '0')}`;
    return cell;
  }
  if (cell === null || typeof cell === 'string' || typeof cell === 'boolean' || typeof cell === 'object') return cell;
  throw new TypeError(`A row of the oracle holds a ${typeof cell}`);
}
