import type { Database } from 'bun:sqlite';
import type { Document } from '../../../src/core/feeds/folder/document.ts';
import { features } from '../../../src/features/index.ts';
import { mirroredBy } from '../../oracle/mirrored.ts';
import { emptyDatabase } from '../../support/company-database.ts';
import { type FolderSqlSource, folderSqlSource, memoryDocumentSource } from '../../support/folder-sources.ts';
import { localSources, type TestSources } from '../../support/local-sources.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** The instant as of which the figures of the company are read. */
export const COMPANY_NOW = Date.UTC(2026, 2, 31, 12);

const daysAgo = (days: number) => new Date(COMPANY_NOW - days * 86_400_000).toISOString();

/** A company small enough that a person can check its figures, with at least one row of everything. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  AspNetUsers: [
    { Id: 'u1', Name: 'Ana Souza', Email: 'ana@example.com', EmailConfirmed: 1, CreatedAt: daysAgo(90) },
    { Id: 'u2', Name: 'João Lima', Email: 'joao@example.com', EmailConfirmed: 0, CreatedAt: daysAgo(2) },
  ],
  Payments: [
    payment({ Id: 'p1', PaymentId: '9001', UserId: 'u1', Status: 'approved', Amount: 199.9, CreatedAt: daysAgo(40) }),
    payment({ Id: 'p2', PaymentId: '9002', UserId: 'u1', Status: 'Aprovado', Amount: 49.9, CreatedAt: daysAgo(1) }),
    payment({ Id: 'p3', PaymentId: null, UserId: 'u2', Status: 'pending', Amount: 10, CreatedAt: daysAgo(0) }),
  ],
  Plans: [
    {
      Id: 1,
      PublicId: '0f8fad5b-d9cb-469f-a165-70867728950e',
      Name: 'Mensal',
      TransactionAmount: 49.9,
      CurrencyId: 'BRL',
      FrequencyInterval: 1,
      FrequencyType: 'Months',
      IsActive: 1,
    },
  ],
  Subscriptions: [
    {
      Id: 's1',
      ExternalId: 'es1',
      UserId: 'u1',
      Status: 'authorized',
      PlanId: 1,
      CurrentAmount: 50,
      CurrentPeriodStartDate: daysAgo(27),
      CurrentPeriodEndDate: daysAgo(-3),
      CreatedAt: daysAgo(80),
      UpdatedAt: null,
    },
  ],
  Claims: [
    claim({ Id: 1, ResourceId: '9001', Type: 'Mediations', Status: 0, DataCreated: daysAgo(35), UpdatedAt: null }),
    claim({ Id: 2, ResourceId: 'e-p2', Type: '2', Status: 3, DataCreated: daysAgo(20), UpdatedAt: daysAgo(12) }),
  ],
  Chargebacks: [
    { Id: 1, ChargebackId: 700, PaymentId: 9001, UserId: 'u1', Status: 3, Amount: 199.9, CreatedAt: daysAgo(5) },
  ],
  Courses: [
    { Id: 1, PublicId: '7c9e6679-7425-40de-944b-e07fc1f90ae7', Name: 'Álgebra', Description: 'Do zero', IsActive: 1 },
  ],
  Videos: [
    { Id: 1, Title: 'Aula 1', UploadDate: daysAgo(9), Duration: '00:12:30.000', Status: 1, CourseId: 1, FileId: 1 },
  ],
  Files: [
    {
      Id: 1,
      NomeArquivo: 'aula-1.mp4',
      ContentType: 'video/mp4',
      FeatureCategoria: 'Videos',
      TamanhoBytes: 734_003_200,
      CriadoEm: daysAgo(9),
      ModificadoEm: null,
    },
  ],
};

const DOCUMENTS: Readonly<Record<string, readonly Document[]>> = {
  support_tickets: [
    {
      _id: '65a1f0c2b7e4d90012ab34cd',
      userId: 'u2',
      context: 'Pagamento',
      explanation: 'Paguei e não recebi',
      status: 'Open',
      createdAt: new Date(COMPANY_NOW - 3 * 86_400_000),
    },
  ],
  logs: [
    {
      _id: '65a1f0c2b7e4d90012ab34ce',
      timestamp: new Date(COMPANY_NOW - 3_600_000),
      level: 'Error',
      source: 'Payments',
      message: 'Timeout',
    },
  ],
};

/** The sources of the company, and a way to write to its database. */
export interface SmallCompany extends TestSources {
  readonly sql: FolderSqlSource;
}

/** @param database an empty one that is to hold the company */
export async function openSmallCompany(database = emptyDatabase()): Promise<SmallCompany> {
  for (const [table, rows] of Object.entries(ROWS)) for (const row of rows) insert(database, table, row);
  const sql = folderSqlSource(database, mirroredBy(features, 'sql'));
  const documents = memoryDocumentSource(DOCUMENTS, mirroredBy(features, 'documents'), () => COMPANY_NOW);
  return { sql, ...localSources({ sql: sql.source, documents: documents.source }) };
}

/** One more open claim. */
export function openClaim({ sql }: SmallCompany, id: number): Promise<void> {
  const row = claim({ Id: id, ResourceId: null, Type: 'Change', Status: 1, DataCreated: daysAgo(3), UpdatedAt: null });
  return sql.change((database) => insert(database, 'Claims', row));
}

function insert(database: Database, table: string, row: Row): void {
  const columns = Object.keys(row);
  database
    .query(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
    .run(...Object.values(row));
}

function payment(row: Row): Row {
  return {
    ExternalId: `e-${row.Id}`,
    PayerEmail: 'payer@example.com',
    Method: 'pix',
    Installments: 1,
    DateApproved: null,
    SubscriptionId: 's1',
    UpdatedAt: null,
    ...row,
  };
}

function claim(row: Row): Row {
  return {
    MpClaimId: 5_000_000_000 + Number(row.Id),
    ResourceType: 'Payment',
    CurrentStage: 'Claim',
    UserId: 'u1',
    ...row,
  };
}
