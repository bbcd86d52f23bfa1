import type { Document } from '../../../src/core/sources/mongo/embedded/messages.ts';
import type { WriteStatement } from '../../../src/core/sources/sql/sqlite/messages.ts';
import type { SqliteSource } from '../../../src/core/sources/sql/sqlite/source.ts';
import type { TableName } from '../../../src/core/sources/sql/tables.ts';
import { documentSourceOf } from '../../support/document-source.ts';
import { emptyDatabase, sqliteSourceOf } from '../../support/sqlite-source.ts';

type Row = Readonly<Record<string, string | number | null>>;

/** The instant as of which the figures of the company are read. */
export const COMPANY_NOW = Date.UTC(2026, 2, 31, 12);

const daysAgo = (days: number) => new Date(COMPANY_NOW - days * 86_400_000).toISOString();

/** A company small enough that a person can check its figures, with at least one row of everything. */
const ROWS: { readonly [Table in TableName]: readonly Row[] } = {
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

/**
 * The sources of the company; what is written to `sql` wakes the features that watch the table.
 *
 * @param database an empty one that is to hold the company
 */
export async function openSmallCompany(database = emptyDatabase()) {
  const sql = await sqliteSourceOf(database);
  await sql.write(Object.entries(ROWS).flatMap(([table, rows]) => rows.map((row) => insert(table, row))));
  return { sql, documents: await documentSourceOf(DOCUMENTS) };
}

/** One more open claim. */
export function openClaim(sql: SqliteSource, id: number): Promise<void> {
  const row = claim({ Id: id, ResourceId: null, Type: 'Change', Status: 1, DataCreated: daysAgo(3), UpdatedAt: null });
  return sql.write([insert('Claims', row)]);
}

function insert(table: string, row: Row): WriteStatement {
  const columns = Object.keys(row);
  return {
    table,
    sql: `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    parameters: Object.values(row),
  };
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
