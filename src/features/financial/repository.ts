import { tables } from '../../company/tables.ts';
import type { Cents } from '../../core/figures/money.ts';
import type { Span } from '../../core/figures/span.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import { equals, isPresent, relationOf } from '../../core/mirror/expression.ts';
import type { MirrorObject } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { hourlyRollup, part, type Rollup, rollup } from '../../core/mirror/rollup.ts';

export const financialReads: TableColumns = {
  Payments: ['UserId', 'Status', 'Method', 'Amount', 'CreatedAt'],
  Chargebacks: ['Status', 'Amount'],
};

/** Payments that share a status and a method. */
export interface PaymentGroup {
  Status: string;
  Method: string;
  count: number;
  cents: Cents;
}

/** Approved payments of a span. */
export interface Revenue {
  /** Index of the span. */
  span: number;
  count: number;
  cents: Cents;
}

export interface ChargebackGroup {
  Status: number | null;
  count: number;
  cents: Cents;
}

const paymentsByStatusAndMethod: Rollup<PaymentGroup> = rollup(
  'PaymentsByStatusAndMethod',
  part(relationOf(tables.Payments), ({ column }) => ({
    by: { Status: column('Status'), Method: column('Method') },
    sums: { cents: column('Amount') },
  })),
);

const revenueByHour = hourlyRollup('RevenueByHour', tables.Payments, 'CreatedAt', ({ column }) => ({
  sums: { cents: column('Amount') },
  where: equals(column('Status'), 'approved'),
}));

const paymentsByCustomer = rollup(
  'PaymentsByCustomer',
  part(relationOf(tables.Payments), ({ column }) => ({
    by: { UserId: column('UserId') },
    where: isPresent(column('UserId')),
  })),
);

const paymentsCustomers = rollup(
  'PaymentsCustomers',
  part(paymentsByCustomer, () => ({ by: {} })),
);

const chargebacksByStatus: Rollup<ChargebackGroup> = rollup(
  'ChargebacksByStatus',
  part(relationOf(tables.Chargebacks), ({ column }) => ({
    by: { Status: column('Status') },
    sums: { cents: column('Amount') },
  })),
);

export const financialObjects: readonly MirrorObject[] = [
  paymentsByStatusAndMethod,
  revenueByHour,
  paymentsByCustomer,
  paymentsCustomers,
  chargebacksByStatus,
];

export interface FinancialRepository {
  groups(): PaymentGroup[];
  /** Distinct users over all payments. */
  customers(): number;
  /** Approved payments by `CreatedAt`; spans without payments are left out. */
  revenue(spans: readonly Span[]): Revenue[];
  chargebacks(): ChargebackGroup[];
}

/** Queries only: rules and the clock belong to the service. */
export function createFinancialRepository(reader: MirrorReader): FinancialRepository {
  return {
    groups: () => reader.rows(paymentsByStatusAndMethod),
    customers: () => reader.rows(paymentsCustomers)[0]?.count ?? 0,
    revenue: (spans) => reader.totals(revenueByHour, spans),
    chargebacks: () => reader.rows(chargebacksByStatus),
  };
}
