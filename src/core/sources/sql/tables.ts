/**
 * The tables read, as the back end's EF Core entities define them (contract, section 2).
 *
 * Columns whose form differs between engines are opaque here: a repository cannot use them as they come, only through
 * the dialect (`cents`, `instant`, `day` …), so that a decimal, an instant or a bit is parsed at the database's edge
 * and nowhere later.
 */
declare const engineForm: unique symbol;

interface EngineValue<Kind extends string> {
  readonly [engineForm]: Kind;
}

/** `decimal(10,2)`, BRL. Read it with `dialect.cents`. */
export type MoneyColumn = EngineValue<'money'>;
/** `datetime2`, UTC. Read it with `dialect.instant`, compare it with `dialect.at`. */
export type InstantColumn = EngineValue<'instant'>;
/** `time`, a length of time below 24 hours. Read it with `dialect.duration`. */
export type DurationColumn = EngineValue<'duration'>;
/** `bit`. Read it with `dialect.flag`. */
export type BitColumn = EngineValue<'bit'>;
/** `uniqueidentifier`. */
export type GuidColumn = EngineValue<'guid'>;

export interface UsersTable {
  Id: string;
  Name: string | null;
  Email: string | null;
  EmailConfirmed: BitColumn;
  /** Optional column. */
  CreatedAt: InstantColumn | null;
}

export interface PaymentsTable {
  Id: string;
  ExternalId: string;
  PaymentId: string | null;
  UserId: string;
  Status: string;
  PayerEmail: string;
  Method: string;
  Installments: number;
  DateApproved: InstantColumn | null;
  Amount: MoneyColumn;
  SubscriptionId: string;
  CreatedAt: InstantColumn;
  UpdatedAt: InstantColumn | null;
}

export interface SubscriptionsTable {
  Id: string;
  ExternalId: string;
  UserId: string;
  Status: string;
  PlanId: number;
  /** Optional column: whole BRL. */
  CurrentAmount: number;
  CurrentPeriodStartDate: InstantColumn;
  CurrentPeriodEndDate: InstantColumn;
  CreatedAt: InstantColumn;
  UpdatedAt: InstantColumn | null;
}

export interface PlansTable {
  Id: number;
  PublicId: GuidColumn;
  Name: string;
  TransactionAmount: MoneyColumn;
  CurrencyId: string;
  FrequencyInterval: number;
  FrequencyType: string;
  IsActive: BitColumn;
}

export interface ClaimsTable {
  Id: number;
  MpClaimId: number;
  ResourceId: string | null;
  Type: string;
  ResourceType: string | null;
  CurrentStage: string | null;
  DataCreated: InstantColumn;
  Status: number;
  UserId: string | null;
  /** Optional column. */
  UpdatedAt: InstantColumn | null;
}

export interface ChargebacksTable {
  Id: number;
  ChargebackId: number;
  PaymentId: number;
  UserId: string | null;
  Status: number;
  Amount: MoneyColumn;
  CreatedAt: InstantColumn;
}

export interface CoursesTable {
  Id: number;
  PublicId: GuidColumn;
  Name: string;
  Description: string;
  /** Optional column. */
  IsActive: BitColumn;
}

export interface VideosTable {
  Id: number;
  Title: string;
  UploadDate: InstantColumn;
  Duration: DurationColumn;
  Status: number;
  CourseId: number;
  FileId: number;
}

export interface FilesTable {
  Id: number;
  NomeArquivo: string;
  ContentType: string;
  FeatureCategoria: string;
  TamanhoBytes: number;
  /** Optional column. */
  CriadoEm: InstantColumn | null;
  /** Optional column. */
  ModificadoEm: InstantColumn | null;
}

export interface Tables {
  AspNetUsers: UsersTable;
  Payments: PaymentsTable;
  Subscriptions: SubscriptionsTable;
  Plans: PlansTable;
  Claims: ClaimsTable;
  Chargebacks: ChargebacksTable;
  Courses: CoursesTable;
  Videos: VideosTable;
  Files: FilesTable;
}

export type TableName = keyof Tables;
