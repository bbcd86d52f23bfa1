import { type KeyedTable, selectList } from './found-table.ts';
import { inTransaction, selectWhole } from './statements.ts';
import { DECLARE_VERSION, selectTrackingState } from './tracking-state.ts';

/** A table with more changed rows is read whole, which takes fewer reads than looking up each row. */
export const MOST_CHANGED_ROWS = 100_000;

/**
 * A request for all changes since `@since`: first the state of the tables, then one result for each table that changed, in
 * the order of the tables.
 *
 * @param paths of the tables, then of other tables whose state is needed
 * @param whole names of tables to read whole in any case
 */
export function selectChanges(
  tables: readonly KeyedTable[],
  paths: readonly string[],
  whole: ReadonlySet<string>,
  isSnapshot: boolean,
): string {
  const followed = tables.map((table, index) => ({ table, changed: `@moved${index}`, isWhole: whole.has(table.name) }));
  return inTransaction(isSnapshot, [
    DECLARE_VERSION,
    ...followed.flatMap(({ table, changed, isWhole }) => (isWhole ? [] : [countChanged(table, changed)])),
    selectTrackingState(
      paths,
      followed.map(({ changed, isWhole }) => (isWhole ? '0' : changed)),
    ),
    ...followed.map(({ table, changed, isWhole }) => (isWhole ? selectWhole(table) : selectChanged(table, changed))),
  ]);
}

/** A request for the state of the tables, then all rows of each. */
export function selectEverything(tables: readonly KeyedTable[], paths: readonly string[], isSnapshot: boolean): string {
  return inTransaction(isSnapshot, [DECLARE_VERSION, selectTrackingState(paths, []), ...tables.map(selectWhole)]);
}

function countChanged({ path }: KeyedTable, changed: string): string {
  const some = `select top (${MOST_CHANGED_ROWS + 1}) 1 as one from changetable(changes ${path}, @since) as c`;
  return `declare ${changed} bigint = (select count_big(*) from (${some}) as counted);`;
}

/** Selects the key of each changed row and its values, which are null for a deleted row. */
function selectChanged(table: KeyedTable, changed: string): string {
  const { path, key } = table;
  const changes = `changetable(changes ${path}, @since) as c left join ${path} as t on t.${key} = c.${key}`;
  return [
    `if ${changed} > ${MOST_CHANGED_ROWS} ${selectWhole(table)}`,
    `else if ${changed} > 0 select c.${key}, ${selectList(table, 't')} from ${changes};`,
  ].join('\n');
}
