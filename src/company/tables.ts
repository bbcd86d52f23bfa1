import {
  claimResourceTypes,
  claimStages,
  claimTypes,
  frequencyTypes,
  logLevels,
  paymentMethods,
  paymentStatuses,
  subscriptionStatuses,
  ticketStatuses,
} from './codes.ts';
import {
  code,
  duration,
  flag,
  instant,
  label,
  money,
  nullable,
  numberKey,
  numberReference,
  numericCode,
  optional,
  quantity,
  text,
  textKey,
  textReference,
  unique,
} from './column.ts';
import { collection, type RowOf, type Table, table } from './table.ts';

/**
 * The tables of the company's databases (docs/contract.md, section 2). The mirror's tables, the scripts in `db/`, the schema
 * check of a real database and the statements of the feeds are derived from this.
 */
export const tables = {
  AspNetUsers: table('AspNetUsers', {
    Id: textKey(),
    Name: nullable(text('nvarchar(max)')),
    Email: nullable(text('nvarchar(256)')),
    EmailConfirmed: flag(),
    CreatedAt: optional(nullable(instant())),
  }),

  Payments: table(
    'Payments',
    {
      Id: textKey(),
      ExternalId: unique(textReference()),
      PaymentId: nullable(textReference('nvarchar(max)')),
      UserId: textReference(),
      Status: code('nvarchar(20)', paymentStatuses),
      PayerEmail: text('nvarchar(255)'),
      Method: code('nvarchar(20)', paymentMethods),
      Installments: quantity(),
      DateApproved: nullable(instant()),
      Amount: money(),
      SubscriptionId: textReference(),
      CreatedAt: instant(),
      UpdatedAt: nullable(instant()),
    },
    ['UserId', 'CreatedAt'],
  ),

  Plans: table('Plans', {
    Id: numberKey(),
    PublicId: text('uniqueidentifier'),
    Name: text('nvarchar(100)'),
    TransactionAmount: money(),
    CurrencyId: text('nvarchar(10)'),
    FrequencyInterval: quantity(),
    FrequencyType: code('nvarchar(20)', frequencyTypes),
    IsActive: flag(),
  }),

  Subscriptions: table(
    'Subscriptions',
    {
      Id: textKey(),
      ExternalId: textReference(),
      UserId: textReference(),
      Status: code('nvarchar(20)', subscriptionStatuses),
      PlanId: numberReference(),
      /** Whole BRL. */
      CurrentAmount: optional(quantity()),
      CurrentPeriodStartDate: instant(),
      CurrentPeriodEndDate: instant(),
      CreatedAt: instant(),
      UpdatedAt: nullable(instant()),
    },
    ['UserId', 'PlanId'],
  ),

  Claims: table(
    'Claims',
    {
      Id: numberKey(),
      MpClaimId: numberReference('bigint'),
      ResourceId: nullable(textReference()),
      Type: code('nvarchar(50)', claimTypes),
      ResourceType: nullable(code('nvarchar(50)', claimResourceTypes)),
      CurrentStage: nullable(code('nvarchar(20)', claimStages)),
      DataCreated: instant(),
      Status: numericCode(),
      UserId: nullable(textReference()),
      UpdatedAt: optional(nullable(instant())),
    },
    ['UserId', 'DataCreated'],
  ),

  Chargebacks: table('Chargebacks', {
    Id: numberKey(),
    ChargebackId: numberReference('bigint'),
    PaymentId: numberReference('bigint'),
    UserId: nullable(textReference()),
    Status: numericCode(),
    Amount: money(),
    CreatedAt: instant(),
  }),

  Courses: table('Courses', {
    Id: numberKey(),
    PublicId: text('uniqueidentifier'),
    Name: text('nvarchar(200)'),
    Description: text('nvarchar(max)'),
    IsActive: optional(flag()),
  }),

  Files: table('Files', {
    Id: numberKey(),
    NomeArquivo: text('nvarchar(450)'),
    ContentType: text('nvarchar(255)'),
    FeatureCategoria: label('nvarchar(100)'),
    TamanhoBytes: quantity('bigint'),
    CriadoEm: optional(nullable(instant())),
    ModificadoEm: optional(nullable(instant())),
  }),

  Videos: table(
    'Videos',
    {
      Id: numberKey(),
      Title: text('nvarchar(450)'),
      UploadDate: instant(),
      Duration: duration(),
      Status: numericCode(),
      CourseId: numberReference(),
      FileId: numberReference(),
    },
    ['CourseId', 'FileId'],
  ),

  support_tickets: collection('support_tickets', {
    _id: textKey(),
    userId: text('string'),
    context: text('string'),
    explanation: text('string'),
    status: code('string', ticketStatuses),
    createdAt: instant(),
  }),

  logs: collection(
    'logs',
    {
      _id: textKey(),
      timestamp: instant(),
      level: code('string', logLevels),
      source: text('string'),
      message: text('string'),
    },
    // One hour more than the figures look back, so that no row they need is dropped.
    { optional: true, keptFor: { column: 'timestamp', milliseconds: 25 * 3_600_000 } },
  ),
} as const satisfies Readonly<Record<string, Table>>;

export type Tables = typeof tables;
export type TableName = keyof Tables;

/** The mirror's row types by table. */
export type Rows = { [Name in TableName]: RowOf<Tables[Name]['columns']> };

const list: readonly Table[] = Object.values(tables);

/** The tables of SQL Server. */
export const sqlTables: readonly Table[] = list.filter(({ source }) => source === 'sql');

/** The collections of MongoDB. */
export const collections: readonly Table[] = list.filter(({ source }) => source === 'documents');
