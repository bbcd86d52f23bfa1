import { tables } from '../../company/tables.ts';
import type { Instant } from '../../core/figures/calendar.ts';
import type { Span } from '../../core/figures/span.ts';
import type { TableColumns } from '../../core/mirror/catalog.ts';
import { all, equals, isPositive, isPresent, oneIf, relationOf } from '../../core/mirror/expression.ts';
import { type MirrorObject, mirrorIndex } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { hourlyRollup, part, rollup } from '../../core/mirror/rollup.ts';

export const usersReads: TableColumns = {
  AspNetUsers: ['Id', 'Name', 'Email', 'EmailConfirmed', 'CreatedAt'],
  Payments: ['UserId', 'Status'],
  Subscriptions: ['UserId', 'Status'],
};

const usersByConfirmation = rollup(
  'UsersByConfirmation',
  part(relationOf(tables.AspNetUsers), ({ column }) => ({ by: { EmailConfirmed: column('EmailConfirmed') } })),
);

const usersByHour = hourlyRollup('UsersByHour', tables.AspNetUsers, 'CreatedAt');

/** By user key: how many rows, approved payments and active subscriptions have it. */
const userRelations = rollup(
  'UserRelations',
  part(relationOf(tables.AspNetUsers), ({ column }) => ({
    by: { userId: column('Id') },
    sums: { registered: oneIf(isPresent(column('Id'))) },
  })),
  part(relationOf(tables.Payments), ({ column }) => {
    const isApproved = all(isPresent(column('UserId')), equals(column('Status'), 'approved'));
    return { by: { userId: column('UserId') }, sums: { approved: oneIf(isApproved) }, where: isApproved };
  }),
  part(relationOf(tables.Subscriptions), ({ column }) => {
    const isActive = all(isPresent(column('UserId')), equals(column('Status'), 'authorized'));
    return { by: { userId: column('UserId') }, sums: { active: oneIf(isActive) }, where: isActive };
  }),
);

const usersByRelation = rollup(
  'UsersByRelation',
  part(userRelations, ({ column }) => ({
    by: { pays: oneIf(isPositive(column('approved'))), subscribes: oneIf(isPositive(column('active'))) },
    where: isPositive(column('registered')),
  })),
);

/** Also used without `CreatedAt`: all dates are null then, so that the index orders by id alone. */
const usersNewest = mirrorIndex('UsersNewest', 'AspNetUsers', '"CreatedAt", coalesce("IdWritten", "Id")');

export const usersObjects: readonly MirrorObject[] = [
  usersByConfirmation,
  usersByHour,
  userRelations,
  usersByRelation,
  usersNewest,
];

/** Users by whether their e-mail address is confirmed. */
export interface ConfirmationGroup {
  /** 1 or 0. */
  readonly EmailConfirmed: number;
  readonly count: number;
}

/** Users by whether they have an approved payment and an active subscription. */
export interface RelationGroup {
  /** 1 or 0. */
  readonly pays: number;
  /** 1 or 0. */
  readonly subscribes: number;
  readonly count: number;
}

export interface UserRow {
  readonly Id: string;
  readonly Name: string | null;
  readonly Email: string | null;
  /** 1 or 0. */
  readonly EmailConfirmed: number;
  readonly CreatedAt: Instant | null;
}

export interface UsersRepository {
  /** Whether `AspNetUsers.CreatedAt` exists. */
  readonly knowsCreation: boolean;
  byConfirmation(): ConfirmationGroup[];
  byRelation(): RelationGroup[];
  /** How many were created in a span. */
  createdIn(span: Span): number;
  /** The newest; those without a date come last, by id descending. */
  newest(count: number): UserRow[];
}

/** Queries only: rules and the clock belong to the service. */
export function createUsersRepository(reader: MirrorReader): UsersRepository {
  return {
    knowsCreation: reader.has('AspNetUsers', 'CreatedAt'),
    byConfirmation: () => reader.rows(usersByConfirmation),
    byRelation: () => reader.rows(usersByRelation),
    createdIn: (span) => reader.totals(usersByHour, [span])[0]?.count ?? 0,

    newest(count) {
      return reader.all(
        reader
          .tables()
          .selectFrom('AspNetUsers')
          .select(({ fn }) => [fn.coalesce('IdWritten', 'Id').as('Id'), 'Name', 'Email', 'EmailConfirmed', 'CreatedAt'])
          .orderBy('CreatedAt', 'desc')
          .orderBy(({ fn }) => fn.coalesce('IdWritten', 'Id'), 'desc')
          .limit(count),
      );
    },
  };
}
