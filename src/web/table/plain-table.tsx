import { EmptyState } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { words } from '../words/words.ts';
import { cellText } from './cell-text.ts';
import { cellClass, type TableColumn } from './column.ts';
import { TableBody } from './table-body.tsx';

interface PlainTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly rowKey: (row: Row) => string | number;
}

/** A table for a few rows, without filter and pages. */
export function PlainTable<Row extends object>({ title, rows, columns, rowKey }: PlainTableProps<Row>) {
  if (rows.length === 0) return <EmptyState icon="info">{words.value.table.empty}</EmptyState>;
  const [written, table] = [format.value, words.value.table];
  const shown = columns.map((column) => ({
    ...column,
    text: column.text ?? ((row: Row) => cellText(column, row, written, table)),
  }));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what is wider than its card
    <section class="table-scroll table-plain" tabIndex={0} aria-label={words.value.chart.asTable(title)}>
      <table class="table-grid">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" class={cellClass(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <TableBody rows={rows} columns={shown} rowKey={rowKey} />
      </table>
    </section>
  );
}
