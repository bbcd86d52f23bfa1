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
  insertRows(database, 'Payments', [
    { Id: 'p2', ExternalId: 'order-1', PaymentId: '1001', Amount: 10.05 },
    { Id: 'p1', ExternalId: '1002', PaymentId: '1001', Amount: 20 },
    { Id: 'p3', ExternalId: 'order-3', PaymentId: '1002', Amount: 30 },
  ]);
  insertRows(database, 'Claims', [
    { Status: 0, Type: 'Mediations', ResourceId: '1001', UserId: 'ana', DataCreated: '2026-03-01T00:00:00.000Z' },
    { Status: 1, Type: '0', ResourceId: '1002', DataCreated: '2026-02-13T11:59:59.999Z', CurrentStage: 'dispute' },
    { Status: 1, Type: '0', ResourceId: 'order-1', DataCreated: '2026-03-15T12:00:00.001Z' },
    {
      Status: 3,
      Type: 'Return',
      DataCreated: '2025-12-31T23:59:59.999Z',
      UpdatedAt: '2026-01-02T11:59:59.999Z',
    },
  ]);
  return database;
}
