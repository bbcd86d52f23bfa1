import type { TableName } from '../tables.ts';

/**
 * The tables in SQLite, with the column types of SQL Server as their declared types. Optional columns can be left out,
 * as they may be missing in a real database.
 *
 * Instants are text `YYYY-MM-DDTHH:MM:SS.sssZ`, money is a number, bits are 0 or 1, a `time` is text `HH:MM:SS.sss`.
 */
export const sqliteSchema: { readonly [Table in TableName]: readonly string[] } = {
  AspNetUsers: [
    'Id nvarchar(450) not null primary key',
    'Name nvarchar',
    'Email nvarchar(256)',
    'EmailConfirmed bit not null',
    'CreatedAt datetime2',
  ],
  Payments: [
    'Id nvarchar(450) not null primary key',
    'ExternalId nvarchar(450) not null unique',
    'PaymentId nvarchar',
    'UserId nvarchar(450) not null',
    'Status nvarchar(20) not null',
    'PayerEmail nvarchar(255) not null',
    'Method nvarchar(20) not null',
    'Installments int not null',
    'DateApproved datetime2',
    'Amount decimal(10,2) not null',
    'SubscriptionId nvarchar(450) not null',
    'CreatedAt datetime2 not null',
    'UpdatedAt datetime2',
  ],
  Subscriptions: [
    'Id nvarchar(450) not null primary key',
    'ExternalId nvarchar(450) not null',
    'UserId nvarchar(450) not null',
    'Status nvarchar(20) not null',
    'PlanId int not null',
    'CurrentAmount int not null',
    'CurrentPeriodStartDate datetime2 not null',
    'CurrentPeriodEndDate datetime2 not null',
    'CreatedAt datetime2 not null',
    'UpdatedAt datetime2',
  ],
  Plans: [
    'Id integer not null primary key',
    'PublicId uniqueidentifier not null',
    'Name nvarchar(100) not null',
    'TransactionAmount decimal(10,2) not null',
    'CurrencyId nvarchar(10) not null',
    'FrequencyInterval int not null',
    'FrequencyType nvarchar not null',
    'IsActive bit not null',
  ],
  Claims: [
    'Id integer not null primary key',
    'MpClaimId bigint not null',
    'ResourceId nvarchar',
    'Type nvarchar(50) not null',
    'ResourceType nvarchar(50)',
    'CurrentStage nvarchar(20)',
    'DataCreated datetime2 not null',
    'Status int not null',
    'UserId nvarchar(450)',
    'UpdatedAt datetime2',
  ],
  Chargebacks: [
    'Id integer not null primary key',
    'ChargebackId bigint not null',
    'PaymentId bigint not null',
    'UserId nvarchar(450)',
    'Status int not null',
    'Amount decimal(10,2) not null',
    'CreatedAt datetime2 not null',
  ],
  Courses: [
    'Id integer not null primary key',
    'PublicId uniqueidentifier not null',
    'Name nvarchar(200) not null',
    'Description nvarchar not null',
    'IsActive bit not null',
  ],
  Videos: [
    'Id integer not null primary key',
    'Title nvarchar not null',
    'UploadDate datetime2 not null',
    'Duration time not null',
    'Status int not null',
    'CourseId int not null',
    'FileId int not null',
  ],
  Files: [
    'Id integer not null primary key',
    'NomeArquivo nvarchar not null',
    'ContentType nvarchar not null',
    'FeatureCategoria nvarchar not null',
    'TamanhoBytes bigint not null',
    'CriadoEm datetime2',
    'ModificadoEm datetime2',
  ],
};

/** As `cents` of the SQLite dialect writes it: SQLite takes an expression from an index only where it is the same. */
const AMOUNT_CENTS = 'cast(round("Amount" * 100) as integer)';

/**
 * Indexes like those that EF Core makes for keys and foreign keys, and some that hold all that the figures are read
 * from, in the order in which they are grouped: the tables themselves are then not read, and nothing is sorted.
 */
export const sqliteIndexes: readonly string[] = [
  'create index if not exists IX_Payments_PaymentId on Payments (PaymentId, Id)',
  'create index if not exists IX_Payments_UserId on Payments (UserId)',
  'create index if not exists IX_Payments_Status_UserId on Payments (Status, UserId)',
  `create index if not exists IX_Payments_Methods on Payments (Status, Method, ${AMOUNT_CENTS})`,
  `create index if not exists IX_Payments_Days on Payments (Status, CreatedAt, ${AMOUNT_CENTS})`,
  'create index if not exists IX_Subscriptions_Status_UserId on Subscriptions (Status, UserId)',
  'create index if not exists IX_Subscriptions_Figures on Subscriptions (Status, PlanId, CreatedAt, UpdatedAt, CurrentPeriodEndDate, CurrentAmount)',
  'create index if not exists IX_Subscriptions_PlanId on Subscriptions (PlanId)',
  'create index if not exists IX_Subscriptions_CreatedAt on Subscriptions (CreatedAt)',
  'create index if not exists IX_AspNetUsers_CreatedAt on AspNetUsers (CreatedAt, EmailConfirmed)',
  'create index if not exists IX_Claims_DataCreated on Claims (DataCreated)',
  'create index if not exists IX_Videos_CourseId on Videos (CourseId)',
  'create index if not exists IX_Videos_FileId on Videos (FileId)',
];

/**
 * `create table` statements.
 *
 * @param without optional columns to leave out, as `Table.Column`
 */
export function createTableStatements(without: ReadonlySet<string> = new Set()): string[] {
  return Object.entries(sqliteSchema).map(([table, columns]) => {
    const kept = columns.filter((column) => !without.has(`${table}.${column.split(' ', 1)[0]}`));
    return `create table if not exists ${table} (${kept.join(', ')})`;
  });
}
