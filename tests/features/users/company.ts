import { insertRows } from '../../support/replay-rows.ts';
import { emptyDatabase } from '../../support/sqlite-source.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

/**
 * A small company at whose edges the figures turn.
 *
 * @param without optional columns to leave out, as `Table.Column`
 */
export function company(without?: ReadonlySet<string>) {
  const database = emptyDatabase(without);
  insertRows(database, 'AspNetUsers', [
    { Id: 'a', Name: 'Ana Souza', Email: 'ana@example.com', EmailConfirmed: 1, CreatedAt: '2026-02-13T12:00:00.000Z' },
    { Id: 'b', Name: 'Bia Lima', Email: 'bia@example.com', CreatedAt: '2026-03-15T12:00:00.001Z' },
    { Id: 'c', EmailConfirmed: 1 },
    { Id: 'd' },
  ]);
  insertRows(database, 'Payments', [
    { UserId: 'a', Status: 'approved' },
    { UserId: 'a', Status: 'APROVADO ' },
    { UserId: 'b', Status: 'rejected' },
    { UserId: 'nobody', Status: 'approved' },
  ]);
  insertRows(database, 'Subscriptions', [
    { UserId: 'b', Status: 'authorized' },
    { UserId: 'c', Status: 'paused' },
  ]);
  return database;
}
