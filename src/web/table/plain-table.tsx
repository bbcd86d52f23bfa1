import { format } from '../format/formatting.ts';
import { words } from '../words/words.ts';
import { cellText } from './cell-text.ts';
import { isNumeric, type TableColumn } from './column.ts';

interface PlainTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly rowKey: (row: Row) => string | number;
}

/** A table for a few rows, without filter and pages. */
export function PlainTable<Row extends object>({ title, rows, columns, rowKey }: PlainTableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls what is wider than its card
    <section class="table-scroll table-plain" tabIndex={0} aria-label={words.value.chart.asTable(title)}>
      <table class="table-grid">
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" class={isNumeric(column) ? 'table-number' : ''}>
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
                  <td key={column.id} class={isNumeric(column) ? 'table-number' : ''} title={text}>
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
