import { sql } from 'kysely';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Cents } from '../../core/figures/money.ts';
import type { Span } from '../../core/figures/span.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import {
  dayNumberOf,
  difference,
  hourOfDay,
  isPresent,
  millisecondOfDay,
  oneIf,
  rowExpressions,
} from '../../core/mirror/expression.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { hourlyRollupOf, part, type Rollup, rollup } from '../../core/mirror/rollup.ts';
import { type ClaimDetail, claimDetails, claimDetailsIndexes } from './claim-details.ts';
import { ACTIVE_STATUSES } from './enums.ts';

export const claimsReads: TableColumns = {
  Claims: ['Id', 'MpClaimId', 'ResourceId', 'Type', 'CurrentStage', 'DataCreated', 'Status', 'UserId', 'UpdatedAt'],
  Payments: ['Id', 'ExternalId', 'PaymentId', 'Amount'],
  AspNetUsers: ['Id', 'Name', 'Email'],
};

/** Claims that share a status and a type. */
export interface ClaimGroup {
  Status: number | null;
  Type: string;
  count: number;
  cents: Cents;
  /** Claims that have both `DataCreated` and `UpdatedAt`. */
  updated: number;
  /** Sum of the times between the two: the whole days, and the milliseconds that remain. */
  updatedAfterDays: number;
  updatedAfterMs: number;
}

/** Claims that share a status and the UTC hour of the day in which they were opened. */
export interface ClaimAges {
  Status: number | null;
  /** 0 to 23. */
  hour: number;
  count: number;
  /** Sum of the numbers of the UTC days on which they were opened, counted from 1970. */
  days: number;
}

export interface ClaimMonth {
  /** Index of the span. */
  span: number;
  count: number;
  cents: Cents;
}

/** Columns of the list of active claims, in the order of its index. */
const activeColumns = [
  'DataCreated',
  'Id',
  'MpClaimId',
  'Type',
  'Status',
  'CurrentStage',
  'cents',
  'userName',
  'userEmail',
] as const;

export type ActiveClaim = Pick<ClaimDetail, (typeof activeColumns)[number]>;

const claimsByStatusAndType: Rollup<ClaimGroup> = rollup(
  'ClaimsByStatusAndType',
  part(claimDetails, ({ column }) => {
    const updatedAfter = difference(column('UpdatedAt'), column('DataCreated'));
    return {
      by: { Status: column('Status'), Type: column('Type') },
      sums: {
        cents: column('cents'),
        updated: oneIf(isPresent(updatedAfter)),
        // In two parts, since milliseconds alone may add up to more than a number holds exactly.
        updatedAfterDays: dayNumberOf(updatedAfter),
        updatedAfterMs: millisecondOfDay(updatedAfter),
      },
    };
  }),
);

const claimsByHour = hourlyRollupOf('ClaimsByHour', claimDetails, 'DataCreated', ({ column }) => ({
  sums: { cents: column('cents') },
}));

const claimsByHourOfDay: Rollup<ClaimAges> = rollup(
  'ClaimsByHourOfDay',
  part(claimDetails, ({ column }) => ({
    by: { Status: column('Status'), hour: hourOfDay(column('DataCreated')) },
    sums: { days: dayNumberOf(column('DataCreated')) },
    where: isPresent(column('DataCreated')),
  })),
);

const claimsByPayment = rollup(
  'ClaimsByPayment',
  part(claimDetails, ({ column }) => ({
    by: { paymentId: column('paymentId') },
    where: isPresent(column('paymentId')),
  })),
);

const claimsPayments = rollup(
  'ClaimsPayments',
  part(claimsByPayment, () => ({ by: {} })),
);

/** The same expression in the index and in the query, so that SQLite uses the index. */
const timeOfDay = millisecondOfDay(rowExpressions<ClaimDetail>().column('DataCreated')).sql('');
const activeStatuses = ACTIVE_STATUSES.join(', ');

export const claimsObjects: readonly MirrorObject[] = [
  ...claimDetailsIndexes,
  claimDetails,
  claimsByStatusAndType,
  claimsByHour,
  claimsByHourOfDay,
  claimsByPayment,
  claimsPayments,
  mirrorIndex('ClaimsByTimeOfDay', 'ClaimDetails', `${timeOfDay}, "Status"`),
  // Has every column of the list, so that SQLite reads the index alone.
  mirrorIndex(
    'ClaimsActive',
    'ClaimDetails',
    activeColumns
      .map((column) => `"${column}"${column === 'DataCreated' || column === 'Id' ? ' desc' : ''}`)
      .join(', '),
    `"Status" in (${activeStatuses})`,
  ),
];

export interface ClaimsRepository {
  /** Whether `Claims.UpdatedAt` exists. */
  readonly knowsResolution: boolean;
  /** How many payments there are. */
  payments(): number;
  /** How many of them have a claim. */
  disputedPayments(): number;
  groups(): ClaimGroup[];
  months(spans: readonly Span[]): ClaimMonth[];
  ages(): ClaimAges[];
  /** Claims opened at a time of the UTC day after `from` and before `before`, in milliseconds since midnight. */
  openedBetween(from: number, before: number): { Status: number | null; count: number }[];
  /** Claims opened later than an instant. */
  openedAfter(instant: Instant): { Status: number | null; DataCreated: Instant }[];
  /** Active claims, newest first. */
  active(): ActiveClaim[];
}

/** Queries only: rules and the clock belong to the service. */
export function createClaimsRepository(reader: MirrorReader): ClaimsRepository {
  const tables = reader.tables<{ ClaimDetails: ClaimDetail }>();
  return {
    knowsResolution: reader.has('Claims', 'UpdatedAt'),
    payments: () => reader.count('Payments'),
    disputedPayments: () => reader.rows(claimsPayments)[0]?.count ?? 0,
    groups: () => reader.rows(claimsByStatusAndType),
    months: (spans) => reader.totals(claimsByHour, spans),
    ages: () => reader.rows(claimsByHourOfDay),

    openedBetween(from, before) {
      const time = sql<number>`${sql.raw(timeOfDay)}`;
      return reader.all(
        tables
          .selectFrom('ClaimDetails')
          .where(time, '>', from)
          .where(time, '<', before)
          .groupBy('Status')
          .select(({ fn }) => ['Status', fn.countAll<number>().as('count')]),
      );
    },

    openedAfter: (instant) =>
      reader.all(
        tables
          .selectFrom('ClaimDetails')
          .where('DataCreated', '>', instant)
          .select(['Status', 'DataCreated'])
          .$narrowType<{ DataCreated: Instant }>(),
      ),

    active: () =>
      reader.all(
        tables
          .selectFrom('ClaimDetails')
          // A literal: SQLite does not use a partial index for a bound parameter.
          .where(sql<boolean>`"Status" in (${sql.raw(activeStatuses)})`)
          .select(activeColumns)
          .orderBy('DataCreated', 'desc')
          .orderBy('Id', 'desc'),
      ),
  };
}
