import type { FeatureName } from '../../client/index.ts';
import { aboutFeature, type Live } from '../live/live.ts';
import { titleText } from '../words/words.ts';
import type { TableColumn } from './column.ts';
import type { CsvCell } from './csv.ts';

type ColumnChanges<Row> = { readonly [Name in keyof Row & string]?: 'hidden' | Partial<TableColumn<Row>> };

/**
 * The columns of a list as the catalogue names them, in its order.
 *
 * @param changes what a view draws in its own way, by the row's fields
 * @param first fields that lead, in this order
 */
export function catalogueColumns<Row extends object>(
  live: Live,
  feature: FeatureName,
  path: string,
  changes: ColumnChanges<Row> = {},
  first: readonly (keyof Row & string)[] = [],
): readonly TableColumn<Row>[] {
  const list = aboutFeature(live, feature)?.lists.find((one) => one.path === path);
  const byName: Readonly<Record<string, 'hidden' | Partial<TableColumn<Row>> | undefined>> = changes;
  const leading: readonly string[] = first;
  const place = (name: string) => (leading.includes(name) ? leading.indexOf(name) : leading.length);
  const columns = (list?.columns ?? []).toSorted((left, right) => place(left.name) - place(right.name));
  return columns.flatMap(({ name, title, kind, unit }) => {
    const change = byName[name];
    if (change === 'hidden') return [];
    const column: TableColumn<Row> = {
      id: name,
      title: titleText(title),
      kind,
      list: `${feature}.${path}`,
      ...(unit === undefined ? {} : { unit }),
      value: (row) => cell(Reflect.get(row, name)),
      ...change,
    };
    return [column];
  });
}

function cell(value: unknown): CsvCell {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
