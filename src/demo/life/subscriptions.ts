import { preapprovalId, uuidAt } from '../data/identifiers.ts';
import type { Random } from '../data/random.ts';
import type { LifeMoment, TableChange, TableRequirement } from './change.ts';
import { payment, paymentColumns } from './payments.ts';
import { type Fragment, hasAll, insertInto, plainCode, someRow, sqlText, updateRow } from './statements.ts';

const subscriptionColumns: TableRequirement = {
  Subscriptions: ['Id', 'UserId', 'Status', 'PlanId', 'CurrentPeriodStartDate', 'CurrentPeriodEndDate', 'CreatedAt'],
  Plans: ['Id', 'TransactionAmount', 'FrequencyInterval', 'FrequencyType'],
};
const ACTIVE = sqlText`${plainCode('Status')} in ('authorized', 'active')`;

/** The end of a period of `plan` that starts at an instant. */
function periodEnd(begins: Fragment | string): Fragment {
  return sqlText`strftime('%Y-%m-%dT%H:%M:%fZ', ${begins}, '+' || max(1, plan.FrequencyInterval) ||
    case when lower(trim(plan.FrequencyType)) = 'days' then ' days' else ' months' end)`;
}

/** The payment for one period, made by the subscriber. */
function subscriptionPayment(moment: LifeMoment, from: Fragment) {
  const payer = {
    userId: sqlText`subscription.UserId`,
    email: sqlText`coalesce((select Email from main.AspNetUsers where Id = subscription.UserId), '')`,
    amount: sqlText`plan.TransactionAmount`,
    subscriptionId: sqlText`subscription.Id`,
    from,
  };
  const isPossible = hasAll(moment.columns, { ...paymentColumns, AspNetUsers: ['Id', 'Email'] });
  return isPossible ? [payment(moment, payer, 'approved')] : [];
}

const WITH_PLAN = sqlText`main.Subscriptions as subscription join main.Plans as plan on plan.Id = subscription.PlanId`;

function statusChange(name: string, weight: number, from: Fragment, to: string): TableChange {
  return {
    kind: 'tables',
    name,
    weight,
    needs: { Subscriptions: ['Status'] },
    statements: ({ at, random, columns }) => [
      updateRow(columns, 'Subscriptions', { Status: to, UpdatedAt: at }, someRow('Subscriptions', random, from)),
    ],
  };
}

export const subscriptionChanges: readonly TableChange[] = [
  {
    kind: 'tables',
    name: 'a new subscription',
    weight: 4,
    needs: { ...subscriptionColumns, AspNetUsers: ['Id'] },
    statements(moment) {
      const { now, at, random, columns } = moment;
      const id = uuidAt(now, random);
      const subscription = insertInto(
        columns,
        'Subscriptions',
        {
          Id: id,
          ExternalId: preapprovalId(random),
          UserId: sqlText`buyer.Id`,
          Status: 'authorized',
          PlanId: sqlText`plan.Id`,
          CurrentAmount: sqlText`cast(round(plan.TransactionAmount) as integer)`,
          CurrentPeriodStartDate: at,
          CurrentPeriodEndDate: periodEnd(at),
          CreatedAt: at,
        },
        sqlText`main.AspNetUsers as buyer, main.Plans as plan
          where buyer.rowid = ${someRow('AspNetUsers', random, sqlText`true`)} and plan.rowid = ${planOnSale(moment)}`,
      );
      return [subscription, ...subscriptionPayment(moment, sqlText`${WITH_PLAN} where subscription.Id = ${id}`)];
    },
  },
  {
    kind: 'tables',
    name: 'a renewal',
    weight: 3,
    needs: subscriptionColumns,
    statements(moment) {
      const { at, random, columns } = moment;
      const due = dueSubscription(random, at);
      const begins = sqlText`Subscriptions.CurrentPeriodEndDate`;
      const renewed = {
        CurrentPeriodStartDate: sqlText`CurrentPeriodEndDate`,
        CurrentPeriodEndDate: sqlText`coalesce((select ${periodEnd(begins)} from main.Plans as plan
          where plan.Id = Subscriptions.PlanId), CurrentPeriodEndDate)`,
        UpdatedAt: at,
      };
      return [
        ...subscriptionPayment(moment, sqlText`${WITH_PLAN} where subscription.rowid = ${due}`),
        updateRow(columns, 'Subscriptions', renewed, due),
      ];
    },
  },
  statusChange('a cancellation', 1.6, ACTIVE, 'cancelled'),
  statusChange('a subscription is paused', 0.7, ACTIVE, 'paused'),
  statusChange('a subscription resumes', 0.5, sqlText`${plainCode('Status')} = 'paused'`, 'authorized'),
];

function planOnSale({ random, columns }: LifeMoment): Fragment {
  return someRow('Plans', random, columns.has('Plans', 'IsActive') ? sqlText`IsActive = 1` : sqlText`true`);
}

/** A subscription whose period has ended or ends within a day. */
function dueSubscription(random: Random, at: string): Fragment {
  const due = sqlText`${ACTIVE} and julianday(CurrentPeriodEndDate) < julianday(${at}) + 1`;
  return someRow('Subscriptions', random, due);
}
