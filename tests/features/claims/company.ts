import type { SomeRows } from '../figures-of.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

/** A small company at whose edges the figures turn. */
export const company: SomeRows = {
  AspNetUsers: [{ Id: 'ana', Name: 'Ana Souza', Email: 'ana@example.com' }],
  Payments: [
    { Id: 'p2', ExternalId: 'order-1', PaymentId: '1001', Amount: 10.05 },
    { Id: 'p1', ExternalId: '1002', PaymentId: '1001', Amount: 20 },
    { Id: 'p3', ExternalId: 'order-3', PaymentId: '1002', Amount: 30 },
    { Id: 'p4', ExternalId: 'order-4', PaymentId: null, Amount: 40 },
  ],
  Claims: [
    {
      Id: 1,
      MpClaimId: 5_000_000_001,
      Status: 0,
      Type: 'Mediations',
      ResourceId: '1001',
      UserId: 'ana',
      DataCreated: '2026-03-01T00:00:00.000Z',
    },
    {
      Id: 2,
      Status: 1,
      Type: '0',
      ResourceId: '1002',
      DataCreated: '2026-02-13T11:59:59.999Z',
      CurrentStage: 'dispute',
    },
    { Id: 3, Status: 1, Type: '0', ResourceId: 'order-1', DataCreated: '2026-03-15T12:00:00.001Z' },
    {
      Id: 4,
      Status: 3,
      Type: 'Return',
      DataCreated: '2025-12-31T23:59:59.999Z',
      UpdatedAt: '2026-01-02T11:59:59.999Z',
    },
  ],
};
