import { afterEach, expect, test } from 'bun:test';
import { type CompanyRow, companyRow, emptyCompany, insertRow } from '../../../support/sql-company.ts';
import { serveSqlServer } from '../../../support/sql-server-endpoint.ts';

let close = async () => {};

afterEach(() => close());

test('counts the rows of each table, and adds up the columns that have an exact sum', async () => {
  const database = emptyCompany(['Claims.UpdatedAt']);
  const server = await serveSqlServer(database);
  const source = server.source();
  close = async () => {
    await source.close();
    await server.close();
  };
  insertRow(
    database,
    'Videos',
    companyRow('Videos', 1, { UploadDate: '1970-01-01T00:00:01.0019999', Duration: '00:00:01.5000001', Status: 2 }),
  );
  insertRow(
    database,
    'Videos',
    companyRow('Videos', 2, { UploadDate: '1969-12-31T23:59:59.9990000', Duration: '00:00:00.0000002', Status: 1 }),
  );
  insertRow(
    database,
    'Payments',
    companyRow('Payments', 'abc', { Amount: 0.07, Installments: null, DateApproved: null }),
  );
  insertRow(
    database,
    'Payments',
    companyRow('Payments', 'de', { Amount: 1234.5, Installments: 3, DateApproved: null }),
  );
  for (const id of [1, 2])
    insertRow(database, 'Claims', withoutUpdate(companyRow('Claims', id, { MpClaimId: 9_000_000_000_000_000 + id })));

  const session = await source.open(AbortSignal.timeout(60_000));
  const before = server.requests;
  const tables = new Map((await session.compare(AbortSignal.timeout(60_000))).map((one) => [one.table, one]));
  expect(server.requests - before).toBe(1);

  expect(tables.get('Videos')).toMatchObject({
    rows: 2,
    sums: { Id: '3', UploadDate: '1000', Duration: '15000003', Status: '3' },
  });
  expect(tables.get('Payments')).toMatchObject({
    rows: 2,
    sums: { Id: '5', Amount: '123457', Installments: '3', DateApproved: '0' },
  });
  expect(tables.get('Payments')?.sums).not.toHaveProperty('Status');
  expect(tables.get('Claims')?.sums.MpClaimId).toBe('18000000000000003');
  expect(tables.get('Claims')?.sums).not.toHaveProperty('UpdatedAt');
  expect(tables.get('Courses')).toMatchObject({ rows: 0, sums: { Id: '0' } });
});

function withoutUpdate({ UpdatedAt: _, ...row }: CompanyRow): CompanyRow {
  return row;
}
