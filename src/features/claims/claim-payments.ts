import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import { type DerivedTable, derivedTable } from '../../core/mirror/derived-table.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';

/** What the figures need of a claim, with the payment that it names. */
export interface ClaimPayment {
  Id: number;
  Status: number | null;
  Type: string;
  DataCreated: Instant | null;
  UpdatedAt: Instant | null;
  /** Key of the payment; null without one. */
  paymentId: string | null;
  cents: Cents;
}

/** The lowest key where several payments have what a claim names. */
const lowestWith = (column: string) =>
  `(select "Id" from "Payments" where "${column}" = base."ResourceId" order by coalesce("IdWritten", "Id") limit 1)`;

/**
 * Every claim with its payment: the one whose `PaymentId` equals its `ResourceId`, else the one whose `ExternalId` does.
 */
export const claimPayments: DerivedTable<ClaimPayment> = derivedTable<ClaimPayment>({
  name: 'ClaimPayments',
  of: 'Claims',
  key: 'Id',
  columns: {
    Id: 'integer',
    Status: 'integer',
    Type: 'text',
    DataCreated: 'integer',
    UpdatedAt: 'integer',
    paymentId: 'text',
    cents: 'integer',
  },
  select: `select base."Id", base."Status", base."Type", base."DataCreated", base."UpdatedAt", payment."Id", coalesce(payment."Amount", 0)
    from "Claims" as base left join "Payments" as payment
      on payment."Id" = coalesce(${lowestWith('PaymentId')}, ${lowestWith('ExternalId')})`,
  follows: {
    Payments: {
      columns: ['IdWritten', 'PaymentId', 'ExternalId', 'Amount'],
      affects: 'base."ResourceId" in (row."PaymentId", row."ExternalId")',
    },
  },
});

/** Made before the table, which is filled and kept by them. */
export const claimPaymentsIndexes: readonly MirrorObject[] = [
  mirrorIndex('ClaimsByResource', 'Claims', '"ResourceId"', '"ResourceId" is not null'),
  mirrorIndex('PaymentsByPaymentId', 'Payments', '"PaymentId", coalesce("IdWritten", "Id")', '"PaymentId" is not null'),
  mirrorIndex('PaymentsByExternalId', 'Payments', '"ExternalId"', '"ExternalId" is not null'),
];
