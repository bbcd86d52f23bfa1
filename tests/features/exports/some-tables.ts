import type { Row, Table, TableColumn } from '../../../src/features/exports/table.ts';

const column = (name: string, kind: TableColumn['kind'], more: Partial<TableColumn> = {}): TableColumn => ({
  name,
  title: { en: name, pt: `Título de ${name}` },
  kind,
  ...more,
});

/** Columns of most kinds. */
const COLUMNS: readonly TableColumn[] = [
  column('id', 'integer'),
  column('name', 'text'),
  column('amount', 'number', { unit: 'BRL' }),
  column('share', 'number', { unit: 'percent' }),
  column('isOpen', 'boolean'),
  column('at', 'instant'),
];

export function tableWith(rows: readonly Row[], changes: Partial<Table> = {}): Table {
  return { name: 'active', title: 'Reclamações ativas', columns: COLUMNS, rows, ...changes };
}
