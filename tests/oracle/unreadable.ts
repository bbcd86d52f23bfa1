import fc from 'fast-check';
import { missingOf, otherTables } from './other-tables.ts';
import type {
  ChargebackRow,
  ClaimRow,
  CourseRow,
  FileRow,
  LogDocument,
  PaymentRow,
  PlanRow,
  SubscriptionRow,
  TicketDocument,
  UserRow,
  VideoRow,
} from './rows.ts';

/**
 * What a value counts as that its column does not allow, by the contract's section 2. Keys are never among them: without
 * one there is no row.
 */
export const missingValues = {
  AspNetUsers: columns<UserRow>()({ Name: null, Email: null, EmailConfirmed: false, CreatedAt: null }),
  Payments: columns<PaymentRow>()({
    ...{ ExternalId: null, PaymentId: null, UserId: null, SubscriptionId: null },
    ...{ Status: '', PayerEmail: '', Method: '', Installments: 0, Amount: 0 },
    ...{ DateApproved: null, CreatedAt: null, UpdatedAt: null },
  }),
  Subscriptions: columns<SubscriptionRow>()({
    ...{ ExternalId: null, UserId: null, Status: '', PlanId: null, CurrentAmount: 0 },
    ...{ CurrentPeriodStartDate: null, CurrentPeriodEndDate: null, CreatedAt: null, UpdatedAt: null },
  }),
  Plans: columns<PlanRow>()({
    ...{ PublicId: '', Name: '', TransactionAmount: 0, CurrencyId: '' },
    ...{ FrequencyInterval: 0, FrequencyType: '', IsActive: false },
  }),
  Claims: columns<ClaimRow>()({
    ...{ MpClaimId: null, ResourceId: null, Type: '', ResourceType: null, CurrentStage: null },
    ...{ DataCreated: null, Status: null, UserId: null, UpdatedAt: null },
  }),
  Chargebacks: columns<ChargebackRow>()({
    ...{ ChargebackId: null, PaymentId: null, UserId: null, Status: null, Amount: 0, CreatedAt: null },
  }),
  Courses: columns<CourseRow>()({ PublicId: '', Name: '', Description: '', IsActive: false }),
  Videos: columns<VideoRow>()({ Title: '', UploadDate: null, Duration: 0, Status: null, CourseId: null, FileId: null }),
  Files: columns<FileRow>()({
    ...{ NomeArquivo: '', ContentType: '', FeatureCategoria: '', TamanhoBytes: 0, CriadoEm: null, ModificadoEm: null },
  }),
  support_tickets: columns<TicketDocument>()({ userId: '', context: '', explanation: '', status: '', createdAt: null }),
  logs: columns<LogDocument>()({ timestamp: null, level: '', source: '', message: '' }),
};

/** The same for any table, by its name. */
export const missingByTable: ReadonlyMap<string, object> = new Map<string, object>([
  ...Object.entries(missingValues),
  ...otherTables.map((table) => [table.name, missingOf(table)] as const),
]);

/** The same rows, some of which lack some of their values. */
export function withUnreadable<Row extends object>(
  rows: fc.Arbitrary<Row[]>,
  missing: Partial<Row>,
): fc.Arbitrary<readonly Row[]> {
  const values = Object.entries(missing);
  const lost = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.subarray(values) });
  return rows.chain((all) =>
    fc.tuple(...all.map((row) => lost.map((some): Row => ({ ...row, ...Object.fromEntries(some) })))),
  );
}

/** Every column but the key has to be named, with a value that its row may hold. */
function columns<Row extends object>() {
  return (missing: Omit<Row, 'Id' | '_id'> & Partial<Row>): Partial<Row> => missing;
}
