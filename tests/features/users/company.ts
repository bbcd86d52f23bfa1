import type { SomeRows } from '../figures-of.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

/** A small company at whose edges the figures turn. */
export const company: SomeRows = {
  AspNetUsers: [
    { Id: 'a', Name: 'Ana Souza', Email: 'ana@example.com', EmailConfirmed: 1, CreatedAt: '2026-02-13T12:00:00.000Z' },
    { Id: 'b', Name: 'Bia Lima', Email: 'bia@example.com', EmailConfirmed: 0, CreatedAt: '2026-03-15T12:00:00.001Z' },
    { Id: 'c', EmailConfirmed: 1 },
    { Id: 'd', EmailConfirmed: 0 },
  ],
  Payments: [
    { UserId: 'a', Status: 'approved' },
    { UserId: 'a', Status: 'APROVADO ' },
    { UserId: 'b', Status: 'rejected' },
    { UserId: 'nobody', Status: 'approved' },
    { UserId: null, Status: 'approved' },
  ],
  Subscriptions: [
    { UserId: 'b', Status: 'authorized' },
    { UserId: 'c', Status: 'paused' },
  ],
};
