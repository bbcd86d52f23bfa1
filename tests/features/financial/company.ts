import type { SomeRows } from '../figures-of.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

/** A small company at whose edges the figures turn. */
export const company: SomeRows = {
  Payments: [
    { UserId: 'ana', Status: 'approved', Method: 'pix', Amount: 10.05, CreatedAt: '2026-03-15T11:59:59.999Z' },
    { UserId: 'ana', Status: ' Aprovado', Method: 'PIX', Amount: 20.1, CreatedAt: '2026-02-13T12:00:00.000Z' },
    { UserId: 'bia', Status: 'approved', Method: 'pix', Amount: 0.01, CreatedAt: '2025-03-15T12:00:00.000Z' },
    { UserId: 'bia', Status: 'approved', Method: 'boleto', Amount: 99.99, CreatedAt: '2025-03-15T11:59:59.999Z' },
    { UserId: 'caio', Status: 'pendente', Method: 'boleto', Amount: 5, CreatedAt: '2026-03-14T00:00:00.000Z' },
  ],
  Chargebacks: [
    { Status: 3, Amount: 12.34 },
    { Status: 3, Amount: 0.1 },
    { Status: 9, Amount: 0.2 },
  ],
};
