import {
  type ColumnDef,
  columnFilteringFeature,
  constructTable,
  createFilteredRowModel,
  createPaginatedRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/table-core';
import { storeReactivityBindings } from '@tanstack/table-core/store-reactivity-bindings';
import type { CsvCell } from './csv.ts';

/** Sorting, filtering and paging by TanStack Table. */
const features = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  columnFilteringFeature,
  globalFilteringFeature,
  rowSortingFeature,
  rowPaginationFeature,
  filteredRowModel: createFilteredRowModel(),
  sortedRowModel: createSortedRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
});

export interface Sorting {
  readonly id: string;
  readonly descending: boolean;
}

export interface RowModelColumn<Row> {
  readonly id: string;
  readonly value: (row: Row) => CsvCell;
  readonly text: (row: Row) => string;
}

export interface View<Row> {
  /** The rows of the page. */
  readonly page: readonly Row[];
  /** All rows that pass the filter, sorted. */
  readonly all: readonly Row[];
  readonly pageIndex: number;
  readonly pageCount: number;
}

export interface RowModelState {
  readonly sorting: Sorting | undefined;
  readonly filter: string;
  readonly pageIndex: number;
  readonly pageSize: number;
}

/** Sorts, filters and pages rows. A page index past the end becomes the last page. */
export function rowModel<Row extends object>(
  rows: readonly Row[],
  columns: readonly RowModelColumn<Row>[],
  state: RowModelState,
  collator: Intl.Collator,
): View<Row> {
  const wanted = folded(state.filter.trim());
  const definitions: ColumnDef<typeof features, Row>[] = columns.map((column) => ({
    id: column.id,
    accessorFn: column.value,
    enableGlobalFilter: true,
    sortUndefined: 'last',
    sortFn: (left, right) => compareCells(column.value(left.original), column.value(right.original), collator),
  }));
  const { sorting } = state;
  const table = constructTable<typeof features, Row>({
    features,
    columns: definitions,
    data: [...rows],
    globalFilterFn: (row) => columns.some((column) => folded(column.text(row.original)).includes(wanted)),
    getColumnCanGlobalFilter: () => true,
    initialState: {
      sorting: sorting === undefined ? [] : [{ id: sorting.id, desc: sorting.descending }],
      globalFilter: wanted,
      pagination: { pageIndex: 0, pageSize: state.pageSize },
    },
  });
  const all = table.getPrePaginatedRowModel().rows.map(({ original }) => original);
  const pageCount = Math.max(1, table.getPageCount());
  const pageIndex = Math.min(state.pageIndex, pageCount - 1);
  table.setPageIndex(pageIndex);
  return { page: table.getRowModel().rows.map(({ original }) => original), all, pageIndex, pageCount };
}

/** Missing values sort lowest. */
function compareCells(left: CsvCell, right: CsvCell, collator: Intl.Collator): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  if (typeof left === 'string' && typeof right === 'string') return collator.compare(left, right);
  return Number(left) - Number(right);
}

/** Without accents and letter case, so that filters ignore both. */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
