import type { Database } from 'bun:sqlite';
import { ObjectId } from 'mongodb';
import { insertRows } from './insert-rows.ts';

const DAY_MS = 86_400_000;

/**
 * A company small enough to read: at least one row behind every figure, every list with an entry, and a null wherever a
 * column may hold one.
 *
 * @param now instants are told from here, a quarter of a day off any whole one, so that no figure tips over during a test
 */
export function insertCompany(database: Database, now: number): void {
  const ago = (days: number) => new Date(now - days * DAY_MS).toISOString();
  insertRows(database, 'AspNetUsers', [
    { Id: 'u1', Name: 'Ana Souza', Email: 'ana@example.com', EmailConfirmed: 1, CreatedAt: ago(3.25) },
    { Id: 'u2', Name: null, Email: null, EmailConfirmed: 0, CreatedAt: ago(90.25) },
    { Id: 'u3', Name: 'Bruno Lima', Email: 'bruno@example.com', EmailConfirmed: 1 },
    ...Array.from({ length: 60 }, (_, index) => ({
      Id: `more-${String(index).padStart(2, '0')}`,
      Name: `Aluno ${index}`,
      EmailConfirmed: 1,
      CreatedAt: ago(200.25 + index),
    })),
  ]);
  insertRows(database, 'Payments', [
    payment({ Id: 'p1', PaymentId: '9001', UserId: 'u1', Status: 'approved', Amount: 99.9, CreatedAt: ago(1.25) }),
    payment({ Id: 'p2', UserId: 'u2', Status: 'Aprovado ', Method: 'pix', Amount: 250, CreatedAt: ago(40.25) }),
    payment({ Id: 'p3', UserId: 'u1', Status: 'pendente', Method: 'boleto', Amount: 75.25, CreatedAt: ago(2.25) }),
    payment({ Id: 'p4', UserId: 'u3', Status: 'cancelado', Amount: 10.01, CreatedAt: ago(5.25) }),
  ]);
  insertRows(database, 'Plans', [
    { Id: 1, Name: 'Mensal', TransactionAmount: 50, FrequencyInterval: 1, FrequencyType: 'Months', IsActive: 1 },
    { Id: 2, Name: 'Quinzenal', TransactionAmount: 30, FrequencyInterval: 15, FrequencyType: 'Days', IsActive: 1 },
  ]);
  insertRows(database, 'Subscriptions', [
    subscription({ Id: 's1', UserId: 'u1', PlanId: 1, CurrentPeriodEndDate: ago(-3.25), CreatedAt: ago(60.25) }),
    subscription({ Id: 's2', UserId: 'u3', PlanId: 2, CurrentPeriodEndDate: ago(-20.25), CreatedAt: ago(10.25) }),
    subscription({ Id: 's3', UserId: 'nobody', PlanId: 99, Status: 'paused', CreatedAt: ago(50.25) }),
    subscription({
      Id: 's4',
      UserId: 'u2',
      PlanId: 1,
      Status: 'cancelled',
      CreatedAt: ago(80.25),
      UpdatedAt: ago(4.25),
    }),
  ]);
  insertRows(database, 'Claims', [
    claim({ Id: 1, ResourceId: '9001', Type: 'Mediations', Status: 0, UserId: 'u1', DataCreated: ago(45.25) }),
    claim({ Id: 2, ResourceId: 'key-p2', Type: '2', Status: 1, CurrentStage: 'dispute', DataCreated: ago(2.25) }),
    claim({ Id: 3, Type: 'Change', Status: 3, DataCreated: ago(30.25), UpdatedAt: ago(20.25) }),
    claim({ Id: 4, Type: 'Change', Status: 4, DataCreated: ago(70.25), UpdatedAt: ago(50.25) }),
  ]);
  insertRows(database, 'Chargebacks', [
    { Id: 1, ChargebackId: 71, PaymentId: 9001, Status: 0, Amount: 99.9, CreatedAt: ago(1.25) },
    { Id: 2, ChargebackId: 72, PaymentId: 9002, Status: 3, Amount: 12.34, CreatedAt: ago(9.25) },
  ]);
  insertRows(database, 'Courses', [
    { Id: 1, Name: 'Álgebra', IsActive: 1 },
    { Id: 2, Name: 'Biologia', IsActive: 0 },
  ]);
  insertRows(database, 'Videos', [
    { Id: 1, CourseId: 1, FileId: 1, Status: 1, Duration: '00:12:30.000', UploadDate: ago(7.25) },
    { Id: 2, CourseId: 1, FileId: 2, Status: 0, Duration: '00:05:00.000', UploadDate: ago(1.25) },
  ]);
  insertRows(database, 'Files', [
    file({
      Id: 1,
      NomeArquivo: 'aula-01.mp4',
      FeatureCategoria: 'Videos',
      TamanhoBytes: 734_003_200,
      CriadoEm: ago(7.25),
    }),
    file({
      Id: 2,
      NomeArquivo: 'aula-02.mp4',
      FeatureCategoria: 'Videos',
      TamanhoBytes: 41_943_040,
      CriadoEm: ago(1.25),
    }),
    file({ Id: 3, NomeArquivo: 'capa.png', FeatureCategoria: 'Capas / Fundo', TamanhoBytes: 1_048_576 }),
    file({ Id: 4, NomeArquivo: 'sem.txt', FeatureCategoria: '  ', TamanhoBytes: 12 }),
  ]);
}

/** The documents of the same company. */
export function companyDocuments(now: number) {
  const ago = (days: number) => new Date(now - days * DAY_MS);
  return {
    support_tickets: [
      ticket({ userId: 'u1', context: 'Pagamento', status: 'Open', createdAt: ago(8.25) }),
      ticket({ userId: 'u2', context: 'Acesso', status: 'Closed', createdAt: ago(2.25) }),
      ticket({ userId: 'u3', context: 'Acesso', status: 'InProgress', createdAt: null }),
    ],
    logs: [
      { _id: new ObjectId(), timestamp: ago(0.25), level: 'Error', source: 'Api', message: 'one' },
      { _id: new ObjectId(), timestamp: ago(0.25), level: 'Information', source: 'Api', message: 'two' },
    ],
  };
}

function payment(row: { readonly Id: string; readonly [column: string]: string | number }) {
  return { ExternalId: `key-${row.Id}`, Method: 'credit_card', ...row };
}

function subscription(row: { readonly Id: string; readonly [column: string]: string | number }) {
  return { Status: 'authorized', CurrentAmount: 50, CurrentPeriodEndDate: '2020-01-01T00:00:00.000Z', ...row };
}

function claim(row: { readonly Id: number; readonly [column: string]: string | number }) {
  return { MpClaimId: 5_000_000_000 + row.Id, ...row };
}

function file(row: { readonly Id: number; readonly [column: string]: string | number }) {
  return { ContentType: 'application/octet-stream', ...row };
}

function ticket({
  createdAt,
  ...rest
}: {
  readonly createdAt: Date | null;
  readonly [field: string]: string | Date | null;
}) {
  return {
    _id: new ObjectId(),
    explanation: 'Não consigo entrar',
    ...rest,
    ...(createdAt === null ? {} : { createdAt }),
  };
}
