import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import { type DerivedTable, derivedTable } from '../../core/mirror/derived-table.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';

/** A claim with the columns of its payment and its user that the figures need. */
export interface ClaimDetail {
  Id: number;
  MpClaimId: number | null;
  Status: number | null;
  Type: string;
  CurrentStage: string | null;
  DataCreated: Instant | null;
  UpdatedAt: Instant | null;
  /** Key of the payment; null without one. */
  paymentId: string | null;
  cents: Cents;
  userName: string | null;
  userEmail: string | null;
}

/** The payment with a claim's `ResourceId` in a column; the lowest key if there are several. */
const lowestWith = (column: string) =>
  `(select "Id" from "Payments" where "${column}" = base."ResourceId" order by coalesce("IdWritten", "Id") limit 1)`;

/**
 * Every claim with its user and its payment: the one whose `PaymentId` equals its `ResourceId`, else the one whose
 * `ExternalId` does.
 */
export const claimDetails: DerivedTable<ClaimDetail> = derivedTable<ClaimDetail>({
  name: 'ClaimDetails',
  of: 'Claims',
  key: 'Id',
  columns: {
    Id: 'integer',
    MpClaimId: 'integer',
    Status: 'integer',
    Type: 'text',
    CurrentStage: 'text',
    DataCreated: 'integer',
    UpdatedAt: 'integer',
    paymentId: 'text',
    cents: 'integer',
    userName: 'text',
    userEmail: 'text',
  },
  select: `select base."Id", base."MpClaimId", base."Status", base."Type", base."CurrentStage", base."DataCreated",
      base."UpdatedAt", payment."Id", coalesce(payment."Amount", 0), user."Name", user."Email"
    from "Claims" as base
    left join "Payments" as payment on payment."Id" = coalesce(${lowestWith('PaymentId')}, ${lowestWith('ExternalId')})
    left join "AspNetUsers" as user on user."Id" = base."UserId"`,
  follows: {
    Payments: {
      columns: ['IdWritten', 'PaymentId', 'ExternalId', 'Amount'],
      affects: 'base."ResourceId" in (row."PaymentId", row."ExternalId")',
    },
    AspNetUsers: { columns: ['Name', 'Email'], affects: 'base."UserId" = row."Id"' },
  },
});

/** Created before the derived table, whose queries use them. */
export const claimDetailsIndexes: readonly MirrorObject[] = [
  mirrorIndex('ClaimsByResource', 'Claims', '"ResourceId"', '"ResourceId" is not null'),
  mirrorIndex('ClaimsByUser', 'Claims', '"UserId"', '"UserId" is not null'),
  mirrorIndex('PaymentsByPaymentId', 'Payments', '"PaymentId", coalesce("IdWritten", "Id")', '"PaymentId" is not null'),
  mirrorIndex('PaymentsByExternalId', 'Payments', '"ExternalId"', '"ExternalId" is not null'),
];
