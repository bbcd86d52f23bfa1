import type { Table } from '../../company/table.ts';
import { tables } from '../../company/tables.ts';
import { MissingFromSourceError } from '../runtime/source-errors.ts';
import type { Catalog, TableColumns } from './catalog.ts';

const definitions: Readonly<Record<string, Table>> = tables;

/**
 * Checks that a source has what a feature cannot do without.
 *
 * @throws MissingFromSourceError naming every required column that is not there, or the table when it is not
 */
export function requireColumns(reads: TableColumns, catalog: Catalog): void {
  const missing = Object.entries(reads).flatMap(([name, columns]) => {
    const table = definitions[name];
    const present = catalog.columns[name];
    const what = table?.source === 'documents' ? 'collection' : 'table';
    if (present === undefined) return table?.optional === true ? [] : [`${what} ${name}`];
    return columns
      .filter((column) => table?.columns[column]?.optional !== true && !present.includes(column))
      .map((column) => `column ${name}.${column}`);
  });
  if (missing.length > 0) throw new MissingFromSourceError(missing);
}
