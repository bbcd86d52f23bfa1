import { EmptyState } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { words } from '../words/words.ts';
import { cellText } from './cell-text.ts';
import { cellClass, figureData, type TableColumn } from './column.ts';

interface PlainTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly rowKey: (row: Row) => string | number;
}

/** A table for a few rows, without filter and pages. */
export function PlainTable<Row extends object>({ title, rows, columns, rowKey }: PlainTableProps<Row>) {
  if (rows.length === 0) return <EmptyState icon="info">{words.value.table.empty}</EmptyState>;
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
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => {
                const text = column.text?.(row) ?? cellText(column, row, format.value, words.value.table);
                return (
                  <td key={column.id} class={cellClass(column)} title={text} {...figureData(column, row, rowKey(row))}>
                    {column.cell?.(row) ?? text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
