import type { OtherRows } from './other-tables.ts';

/**
 * The rows of a company, in plain values: instants are epoch milliseconds, money is whole cents, lengths of time are
 * units of 100 ns. They are the same whatever columns the database lacks; `Company.missing` says which.
 *
 * A value that its column does not allow is missing: null for an instant, a reference or a numeric code, an empty text,
 * 0 for what is added up, false for a flag.
 */
export type UserRow = {
  readonly Id: string;
  readonly Name: string | null;
  readonly Email: string | null;
  readonly EmailConfirmed: boolean;
  readonly CreatedAt: number | null;
};

export type PaymentRow = {
  readonly Id: string;
  readonly ExternalId: string | null;
  readonly PaymentId: string | null;
  readonly UserId: string | null;
  readonly Status: string;
  readonly PayerEmail: string;
  readonly Method: string;
  readonly Installments: number;
  readonly DateApproved: number | null;
  /** Cents. */
  readonly Amount: number;
  readonly SubscriptionId: string | null;
  readonly CreatedAt: number | null;
  readonly UpdatedAt: number | null;
};

export type SubscriptionRow = {
  readonly Id: string;
  readonly ExternalId: string | null;
  readonly UserId: string | null;
  readonly Status: string;
  readonly PlanId: number | null;
  /** Whole BRL, no cents. */
  readonly CurrentAmount: number;
  readonly CurrentPeriodStartDate: number | null;
  readonly CurrentPeriodEndDate: number | null;
  readonly CreatedAt: number | null;
  readonly UpdatedAt: number | null;
};

export type PlanRow = {
  readonly Id: number;
  readonly PublicId: string;
  readonly Name: string;
  /** Cents. */
  readonly TransactionAmount: number;
  readonly CurrencyId: string;
  readonly FrequencyInterval: number;
  readonly FrequencyType: string;
  readonly IsActive: boolean;
};

export type ClaimRow = {
  readonly Id: number;
  readonly MpClaimId: number | null;
  readonly ResourceId: string | null;
  readonly Type: string;
  readonly ResourceType: string | null;
  readonly CurrentStage: string | null;
  readonly DataCreated: number | null;
  readonly Status: number | null;
  readonly UserId: string | null;
  readonly UpdatedAt: number | null;
};

export type ChargebackRow = {
  readonly Id: number;
  readonly ChargebackId: number | null;
  readonly PaymentId: number | null;
  readonly UserId: string | null;
  readonly Status: number | null;
  /** Cents. */
  readonly Amount: number;
  readonly CreatedAt: number | null;
};

export type CourseRow = {
  readonly Id: number;
  readonly PublicId: string;
  readonly Name: string;
  readonly Description: string;
  readonly IsActive: boolean;
};

export type VideoRow = {
  readonly Id: number;
  readonly Title: string;
  readonly UploadDate: number | null;
  /** Units of 100 ns, below 24 hours. */
  readonly Duration: number;
  readonly Status: number | null;
  readonly CourseId: number | null;
  readonly FileId: number | null;
};

export type FileRow = {
  readonly Id: number;
  readonly NomeArquivo: string;
  readonly ContentType: string;
  readonly FeatureCategoria: string;
  readonly TamanhoBytes: number;
  readonly CriadoEm: number | null;
  readonly ModificadoEm: number | null;
};

export type TicketDocument = {
  /** 24 hexadecimal digits, lower case. */
  readonly _id: string;
  readonly userId: string;
  readonly context: string;
  readonly explanation: string;
  readonly status: string;
  /** A number is a date; text, readable or not, stands in the document as it is; undefined: it has no such field. */
  readonly createdAt: number | string | null | undefined;
};

export type LogDocument = {
  /** 24 hexadecimal digits, lower case. */
  readonly _id: string;
  readonly timestamp: number | null;
  readonly level: string;
  readonly source: string;
  readonly message: string;
};

export const optionalColumns = [
  'AspNetUsers.CreatedAt',
  'Subscriptions.CurrentAmount',
  'Claims.UpdatedAt',
  'Courses.IsActive',
  'Files.CriadoEm',
  'Files.ModificadoEm',
] as const;

type OptionalColumn = (typeof optionalColumns)[number];

/** Everything that the sources hold. */
export interface Company extends OtherRows {
  readonly AspNetUsers: readonly UserRow[];
  readonly Payments: readonly PaymentRow[];
  readonly Subscriptions: readonly SubscriptionRow[];
  readonly Plans: readonly PlanRow[];
  readonly Claims: readonly ClaimRow[];
  readonly Chargebacks: readonly ChargebackRow[];
  readonly Courses: readonly CourseRow[];
  readonly Videos: readonly VideoRow[];
  readonly Files: readonly FileRow[];
  readonly support_tickets: readonly TicketDocument[];
  /** Null: the collection does not exist. */
  readonly logs: readonly LogDocument[] | null;
  readonly missing: ReadonlySet<OptionalColumn>;
}

/** What a snapshot must hold: its data, and the figures that it could not compute. */
export interface Answer {
  readonly data: unknown;
  readonly unavailable: readonly { readonly figure: string; readonly column: OptionalColumn }[];
}

/**
 * A snapshot computed from the rows, the instant that is now, and the company's time zone, and from nothing else.
 *
 * @param timeZone IANA name
 */
export type Oracle = (company: Company, now: number, timeZone: string) => Answer;
