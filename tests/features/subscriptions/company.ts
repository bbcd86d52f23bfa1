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
  insertRows(database, 'AspNetUsers', [{ Id: 'ana', Name: 'Ana Souza', Email: 'ana@example.com' }]);
  insertRows(database, 'Plans', [
    { Id: 1, Name: 'Mensal', TransactionAmount: 49.9, FrequencyInterval: 1, FrequencyType: 'Months' },
    { Id: 2, Name: 'Semanal', TransactionAmount: 10, FrequencyInterval: 7, FrequencyType: ' days' },
  ]);
  const created = '2026-02-13T12:00:00.000Z';
  insertRows(database, 'Subscriptions', [
    { Id: 'a', UserId: 'ana', Status: 'authorized', PlanId: 1, CurrentAmount: 50, CreatedAt: created },
    { Id: 'b', UserId: 'ana', Status: 'Active', PlanId: 2, CurrentAmount: 10, CreatedAt: created },
    {
      Id: 'c',
      UserId: 'bia',
      Status: 'authorized',
      PlanId: 3,
      CurrentAmount: 30,
      CreatedAt: '2026-02-13T12:00:00.001Z',
    },
    {
      Id: 'd',
      UserId: 'bia',
      Status: 'cancelled',
      PlanId: 1,
      CreatedAt: created,
      UpdatedAt: '2026-02-13T12:00:00.001Z',
    },
    { Id: 'e', UserId: 'bia', Status: 'cancelled', PlanId: 1, CreatedAt: created, UpdatedAt: created },
    { Id: 'f', UserId: 'bia', Status: 'authorized', PlanId: 1, CurrentPeriodEndDate: '2026-03-22T12:00:00.000Z' },
  ]);
  return database;
}
