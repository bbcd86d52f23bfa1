import type { SomeRows } from '../figures-of.ts';

export const NOW = Date.UTC(2026, 2, 15, 12);

const created = '2026-02-13T12:00:00.000Z';
const periodEnd = '2026-01-01T00:00:00.000Z';

/** A small company at whose edges the figures turn. */
export const company: SomeRows = {
  AspNetUsers: [{ Id: 'ana', Name: 'Ana Souza', Email: 'ana@example.com' }],
  Plans: [
    { Id: 1, Name: 'Mensal', TransactionAmount: 49.9, FrequencyInterval: 1, FrequencyType: 'Months' },
    { Id: 2, Name: 'Semanal', TransactionAmount: 10, FrequencyInterval: 7, FrequencyType: ' days' },
  ],
  Subscriptions: [
    {
      Id: 'a',
      UserId: 'ana',
      Status: 'authorized',
      PlanId: 1,
      CurrentAmount: 50,
      CurrentPeriodEndDate: periodEnd,
      CreatedAt: created,
    },
    {
      Id: 'b',
      UserId: 'ana',
      Status: 'Active',
      PlanId: 2,
      CurrentAmount: 10,
      CurrentPeriodEndDate: periodEnd,
      CreatedAt: created,
    },
    {
      Id: 'c',
      UserId: 'bia',
      Status: 'authorized',
      PlanId: 3,
      CurrentAmount: 30,
      CurrentPeriodEndDate: periodEnd,
      CreatedAt: '2026-02-13T12:00:00.001Z',
    },
    {
      Id: 'd',
      UserId: 'bia',
      Status: 'cancelled',
      PlanId: 1,
      CurrentPeriodEndDate: periodEnd,
      CreatedAt: created,
      UpdatedAt: '2026-02-13T12:00:00.001Z',
    },
    {
      Id: 'e',
      UserId: 'bia',
      Status: 'cancelled',
      PlanId: 1,
      CurrentPeriodEndDate: periodEnd,
      CreatedAt: created,
      UpdatedAt: created,
    },
    {
      Id: 'f',
      UserId: 'bia',
      Status: 'authorized',
      PlanId: 1,
      CurrentPeriodEndDate: '2026-03-22T12:00:00.000Z',
      CreatedAt: '2026-01-01T00:00:00.000Z',
    },
  ],
};
