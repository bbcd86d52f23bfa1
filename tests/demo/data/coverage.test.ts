import type { Database } from 'bun:sqlite';
import { beforeAll, describe, expect, test } from 'bun:test';
import { generateDocuments } from '../../../src/demo/data/documents.ts';
import { demoDatabase, SMALL } from '../company.ts';

let database: Database;

beforeAll(() => {
  database = demoDatabase();
});

/** What a query's first column holds. */
function values(sql: string): unknown[] {
  return database.query(sql).values().flat();
}

function spellings(table: string, column: string): string[] {
  return values(`select distinct ${column} from ${table}`).map(String);
}

/** Each spelling as it is and, besides, in some form with blanks or in another letter case. */
function expectAll(found: readonly string[], expected: readonly string[]): void {
  const folded = new Set(found.map((text) => text.trim().toLowerCase()));
  expect(expected.filter((text) => !folded.has(text))).toEqual([]);
}

describe('codes', () => {
  test('of payments: every canonical one, every alias, odd case and blanks, one of no list', () => {
    const found = spellings('Payments', 'Status');
    const canonical = `approved pending in_process authorized rejected cancelled refunded charged_back in_mediation started`;
    for (const status of canonical.split(' ')) expect(found).toContain(status);
    expectAll(found, [
      'aprovado',
      'pendente',
      'autorizado',
      'recusado',
      'cancelado',
      'reembolsado',
      'chargeback',
      'em disputa',
      'iniciando',
      'expired',
    ]);
    expect(found.filter((status) => status !== status.trim()).length).toBeGreaterThan(3);
    expectAll(spellings('Payments', 'Method'), [
      'pix',
      'credit_card',
      'boleto',
      'debit_card',
      'account_money',
      'cheque',
    ]);
    expect(spellings('Payments', 'Method')).toContain(' PIX ');
  });

  test('of subscriptions', () => {
    const found = spellings('Subscriptions', 'Status');
    for (const status of ['pending', 'authorized', 'paused', 'cancelled', 'rejected', 'refunded', 'refund_pending']) {
      expect(found).toContain(status);
    }
    expect(found).toContain('active');
    expect(found).toContain(' Active ');
    expect(found).toContain('expired');
  });

  test('of plans', () => {
    expect(spellings('Plans', 'FrequencyInterval || FrequencyType || IsActive').sort()).toEqual(
      ['0Months0', '12Months1', '1Months1', '3Months1', '3months1', '30 days 1'].sort(),
    );
  });

  test('of claims', () => {
    expect(values('select distinct Status from Claims order by 1')).toEqual([0, 1, 2, 3, 4, 7]);
    const types = spellings('Claims', 'Type');
    for (const type of ['Mediations', 'CancelPurchase', 'Return', 'CancelSale', 'Change', 'Fraude', 'MEDIATIONS']) {
      expect(types).toContain(type);
    }
    expectAll(types, ['0', '1', '2', '3', '4']);
    expectAll(spellings('Claims', 'ResourceType'), ['payment', 'order', 'shipment', 'purchase', 'null']);
    expectAll(spellings('Claims', 'CurrentStage'), ['claim', 'dispute', 'recontact', 'none', 'null']);
  });

  test('of chargebacks and videos', () => {
    expect(values('select distinct Status from Chargebacks order by 1')).toEqual([0, 1, 2, 3, 4, 9]);
    expect(values('select distinct Status from Videos order by 1')).toEqual([0, 1, 2, 7]);
  });

  test('of tickets and log lines', () => {
    const { tickets, logs } = generateDocuments(SMALL);
    const statuses = tickets.map(({ status }) => status);
    for (const status of ['Open', 'InProgress', 'Closed', ' closed ', ' open ', 'INPROGRESS', 'Archived']) {
      expect(statuses).toContain(status);
    }
    const levels = logs.map(({ level }) => level);
    for (const level of ['Debug', 'Information', 'Warning', 'Error', 'Critical', ' error ', 'WARNING', 'Trace']) {
      expect(levels).toContain(level);
    }
  });
});

describe('what is missing, tied or names nothing', () => {
  test.each([
    ['a user without a name', 'AspNetUsers where Name is null'],
    ['a user without an e-mail address', 'AspNetUsers where Email is null'],
    ['a user without a date', 'AspNetUsers where CreatedAt is null'],
    ['a user whose address is not confirmed', 'AspNetUsers where EmailConfirmed = 0'],
    [
      'users who joined at the same instant',
      'AspNetUsers group by CreatedAt having count(*) > 1 and CreatedAt is not null',
    ],
    ["a payment without Mercado Pago's id", 'Payments where PaymentId is null'],
    [
      "payments that share Mercado Pago's id",
      'Payments group by PaymentId having count(*) > 1 and PaymentId is not null',
    ],
    ['a payment of an unknown user', 'Payments where UserId not in (select Id from AspNetUsers)'],
    ['a payment without an update', 'Payments where UpdatedAt is null'],
    ['an approved payment without a date', "Payments where trim(lower(Status)) <> 'approved' and DateApproved is null"],
    ['a payment in instalments', 'Payments where Installments > 1'],
    [
      'a payment of a subscription that is gone',
      "Payments where SubscriptionId <> '' and SubscriptionId not in (select Id from Subscriptions)",
    ],
    ['a purchase without a subscription', "Payments where SubscriptionId = ''"],
    ['a subscription of an unknown plan', 'Subscriptions where PlanId not in (select Id from Plans)'],
    ['a subscription of an unknown user', 'Subscriptions where UserId not in (select Id from AspNetUsers)'],
    ['a subscription of the retired plan', 'Subscriptions where PlanId = 8'],
    ['a subscription without an update', 'Subscriptions where UpdatedAt is null'],
    ['a cancelled one without an update', "Subscriptions where Status = 'cancelled' and UpdatedAt is null"],
    [
      'an active one whose period is over',
      "Subscriptions where Status = 'authorized' and CurrentPeriodEndDate < '2026-11-01'",
    ],
    ['a claim matched by PaymentId', 'Claims where ResourceId in (select PaymentId from Payments)'],
    ['a claim matched by ExternalId', 'Claims where ResourceId in (select ExternalId from Payments)'],
    [
      'a claim matched by several payments',
      'Claims join Payments on PaymentId = ResourceId group by Claims.Id having count(*) > 1',
    ],
    [
      'a claim matched by nothing',
      'Claims where ResourceId not in (select PaymentId from Payments where PaymentId is not null) and ResourceId not in (select ExternalId from Payments)',
    ],
    ['a claim without a resource', 'Claims where ResourceId is null'],
    ['a claim without a user', 'Claims where UserId is null'],
    ['a claim of an unknown user', 'Claims where UserId not in (select Id from AspNetUsers)'],
    ['a decided claim without an update', 'Claims where Status in (3, 4) and UpdatedAt is null'],
    ['a decided claim with one', 'Claims where Status in (3, 4) and UpdatedAt is not null'],
    ['a payment with several claims', 'Claims group by ResourceId having count(*) > 1'],
    ['a chargeback without a user', 'Chargebacks where UserId is null'],
    ['a chargeback of an unknown user', 'Chargebacks where UserId not in (select Id from AspNetUsers)'],
    [
      'a chargeback of an unknown payment',
      'Chargebacks where cast(PaymentId as text) not in (select PaymentId from Payments where PaymentId is not null)',
    ],
    ['a chargeback of a payment', 'Chargebacks where cast(PaymentId as text) in (select PaymentId from Payments)'],
    ['a course without videos', 'Courses where Id not in (select CourseId from Videos)'],
    ['an active course', 'Courses where IsActive = 1'],
    ['courses of one name', 'Courses group by Name having count(*) > 1'],
    ['a video without a course', 'Videos where CourseId not in (select Id from Courses)'],
    ['a video without a file', 'Videos where FileId not in (select Id from Files)'],
    ['a video of no length', "Videos where Duration = '00:00:00.000'"],
    ['a file without a category', "Files where FeatureCategoria = ''"],
    ['a file with a blank category', "Files where FeatureCategoria = '   '"],
    [
      'a file with blanks around its category',
      "Files where FeatureCategoria <> trim(FeatureCategoria) and trim(FeatureCategoria) <> ''",
    ],
    ['a file without dates', 'Files where CriadoEm is null and ModificadoEm is null'],
    ['a changed file', 'Files where ModificadoEm is not null'],
    ['files of one size', 'Files group by TamanhoBytes having count(*) > 1'],
    ['a file beyond 2^31 bytes', 'Files where TamanhoBytes > 2147483648'],
    ['a file without a byte', 'Files where TamanhoBytes = 0'],
  ])('%s', (_what, from) => {
    expect(values(`select 1 from ${from} limit 1`)).toEqual([1]);
  });

  test('in documents: tickets without a date, a context or a known user', () => {
    const { tickets } = generateDocuments(SMALL);
    const users = new Set(values('select Id from AspNetUsers'));
    expect(tickets.some(({ createdAt }) => createdAt === null)).toBe(true);
    expect(tickets.some(({ context }) => context === '')).toBe(true);
    expect(tickets.some(({ userId }) => !users.has(userId))).toBe(true);
    expect(tickets.filter(({ userId }) => users.has(userId)).length).toBeGreaterThan(tickets.length / 2);
  });
});
