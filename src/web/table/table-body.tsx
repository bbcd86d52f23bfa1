import { cellClass, figureData, type TableColumn } from './column.ts';

interface TableBodyProps<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly (TableColumn<Row> & Required<Pick<TableColumn<Row>, 'text'>>)[];
  readonly rowKey: (row: Row) => string | number;
}

export function TableBody<Row>({ rows, columns, rowKey }: TableBodyProps<Row>) {
  return (
    <tbody>
      {rows.map((row) => (
        <tr key={rowKey(row)}>
          {columns.map((column) => {
            const text = column.text(row);
            return (
              <td key={column.id} class={cellClass(column)} title={text} {...figureData(column, row, rowKey(row))}>
                {column.cell?.(row) ?? text}
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}
