import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { language, masked } from '../app/preferences.ts';
import { printing } from '../app/printing.ts';
import { Icon } from '../design/icon.tsx';
import { Button, EmptyState } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { words } from '../words/words.ts';
import { cellText, savedValue } from './cell-text.ts';
import { cellClass, isNumeric, type TableColumn } from './column.ts';
import { csvText } from './csv.ts';
import { rowModel, type Sorting, type View } from './row-model.ts';
import { saveFile } from './save-file.ts';
import { TableBody } from './table-body.tsx';

const PAGE_SIZE = 25;

interface DataTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly rowKey: (row: Row) => string | number;
  readonly initialSorting?: Sorting;
  /** Shown if the list has no rows. */
  readonly empty?: string;
  /** Without extension. */
  readonly fileName: string;
  /** Controls beside the filter. */
  readonly children?: ComponentChildren;
}

/** Sorts on raw values, filters, pages by 25, and saves what is seen. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { title, rows, rowKey, fileName } = props;
  const [sorting, setSorting] = useState(props.initialSorting);
  const [filter, setFilter] = useState('');
  const [pageIndex, setPageIndex] = useState(0);
  const pageSize = printing.value ? Math.max(PAGE_SIZE, rows.length) : PAGE_SIZE;
  const columns = useShownColumns(props.columns);
  const collator = useMemo(() => new Intl.Collator(language.value, { numeric: true }), [language.value]);
  const view = useMemo(
    () => rowModel(rows, columns, { sorting, filter, pageIndex, pageSize }, collator),
    [rows, columns, sorting, filter, pageIndex, pageSize, collator],
  );
  const save = () => {
    const { yes, no } = words.value.table;
    const cells = view.all.map((row) => columns.map((column) => column.saved(row)));
    const head = columns.map((column) => column.title);
    saveFile(`${fileName}.csv`, csvText(head, cells, { language: language.value, yes, no }));
  };
  return (
    <div class="table">
      <div class="table-tools">
        <FilterField
          title={title}
          value={filter}
          onInput={(text) => {
            setFilter(text);
            setPageIndex(0);
          }}
        />
        {props.children}
        <Button icon="download" label={words.value.table.saveCsv} class="table-save" onPress={save} />
      </div>
      {view.all.length === 0 ? (
        <EmptyState icon={filter === '' ? 'good' : 'search'}>
          {filter === '' ? (props.empty ?? words.value.table.empty) : words.value.table.nothingFor(filter)}
        </EmptyState>
      ) : (
        <Grid {...{ title, columns, view, sorting, rowKey }} onSort={setSorting} />
      )}
      <Pager view={view} onPage={setPageIndex} />
    </div>
  );
}

type ShownColumn<Row> = TableColumn<Row> & {
  readonly text: (row: Row) => string;
  /** The value for the CSV file, masked if the cell is masked. */
  readonly saved: TableColumn<Row>['value'];
};

function useShownColumns<Row>(columns: readonly TableColumn<Row>[]): readonly ShownColumn<Row>[] {
  const written = format.value;
  const hide = masked.value === 'yes';
  const { table } = words.value;
  return useMemo(
    () =>
      columns.map((column) => {
        const plain = column.text ?? ((row: Row) => cellText(column, row, written, table));
        const { mask } = column;
        if (mask === undefined || !hide) {
          const saved = (row: Row) =>
            column.kind === 'text' && column.text !== undefined ? plain(row) : savedValue(column, row, written);
          return { ...column, text: plain, saved };
        }
        const text = (row: Row) => (column.value(row) === null ? plain(row) : mask(plain(row)));
        return { ...column, text, saved: text };
      }),
    [columns, written, hide, table],
  );
}

interface FilterFieldProps {
  readonly title: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
}

function FilterField({ title, value, onInput }: FilterFieldProps) {
  return (
    <div class="filter">
      <Icon name="search" />
      <input
        type="search"
        class="filter-input"
        aria-label={words.value.table.filterOf(title)}
        placeholder={words.value.table.filter}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}

interface GridProps<Row> {
  readonly title: string;
  readonly columns: readonly ShownColumn<Row>[];
  readonly view: View<Row>;
  readonly sorting: Sorting | undefined;
  readonly rowKey: (row: Row) => string | number;
  readonly onSort: (sorting: Sorting) => void;
}

function Grid<Row>({ title, columns, view, sorting, rowKey, onSort }: GridProps<Row>) {
  return (
    <div class="table-scroll">
      <table class="table-grid">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <TableBody rows={view.page} columns={columns} rowKey={rowKey} />
      </table>
    </div>
  );
}

interface HeadCellProps<Row> {
  readonly column: TableColumn<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

function HeadCell<Row>({ column, sorting, onSort }: HeadCellProps<Row>) {
  const current = sorting?.id === column.id ? sorting : undefined;
  const order = current === undefined ? 'none' : current.descending ? 'descending' : 'ascending';
  // The first press sorts numbers and instants in descending order, texts in ascending order.
  const next = current === undefined ? isNumeric(column) || column.kind === 'instant' : !current.descending;
  return (
    <th scope="col" class={cellClass(column)} aria-sort={order}>
      <button
        type="button"
        class={`table-sort table-sort-${order}`}
        onClick={() => onSort({ id: column.id, descending: next })}
      >
        {column.title}
      </button>
    </th>
  );
}

function Pager<Row>({ view, onPage }: { view: View<Row>; onPage: (index: number) => void }) {
  const count = (value: number) => format.value.exact(value, 'count');
  const { table } = words.value;
  const { all, pageIndex, pageCount } = view;
  const from = pageIndex * PAGE_SIZE + 1;
  const to = Math.min(all.length, from + PAGE_SIZE - 1);
  return (
    <div class="pager">
      <p class="pager-text" role="status">
        {pageCount === 1
          ? table.rowCount(all.length, count(all.length))
          : table.rows(count(from), count(to), count(all.length))}
      </p>
      {pageCount > 1 && (
        <>
          <Button
            icon="left"
            iconOnly
            label={table.previous}
            disabled={pageIndex === 0}
            onPress={() => onPage(pageIndex - 1)}
          />
          <Button
            icon="right"
            iconOnly
            label={table.next}
            disabled={pageIndex === pageCount - 1}
            onPress={() => onPage(pageIndex + 1)}
          />
        </>
      )}
    </div>
  );
}
