/** Cells of a table. */
export interface CellRange {
  /** The id of the table. */
  readonly table: string;
  /** The cell at the top left; both count from 0. */
  readonly first: { readonly row: number; readonly column: number };
  /** In A1 notation with both ends: `A1:F31`. */
  readonly range: string;
  /** For people: `Receita!A1:C91`. */
  readonly what: string;
}

export function cellsOf(
  { id, name }: { readonly id: string; readonly name: string },
  first: CellRange['first'],
  size: { readonly rows: number; readonly columns: number },
): CellRange {
  const last = cellName(first.row + size.rows - 1, first.column + size.columns - 1);
  const range = `${cellName(first.row, first.column)}:${last}`;
  return { table: id, first, range, what: `${name}!${range}` };
}

/** In A1 notation; row and column count from 0. */
export function cellName(row: number, column: number): string {
  return `${columnName(column)}${row + 1}`;
}

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}
