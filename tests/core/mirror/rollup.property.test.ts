import type { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { tables } from '../../../src/company/tables.ts';
import { EXACT_KEYS, type MirroredTable } from '../../../src/core/mirror/catalog.ts';
import { MirrorDatabase } from '../../../src/core/mirror/database.ts';
import { derivedTable } from '../../../src/core/mirror/derived-table.ts';
import {
  dayNumberOf,
  difference,
  equals,
  hourOfDay,
  isPositive,
  isPresent,
  oneIf,
  relationOf,
} from '../../../src/core/mirror/expression.ts';
import type { MirrorReader } from '../../../src/core/mirror/reader.ts';
import { hourlyRollup, part, type Rollup, rollup } from '../../../src/core/mirror/rollup.ts';
import { mirrorShape } from '../../../src/core/mirror/store-tables.ts';

const payments: MirroredTable = {
  table: tables.Payments,
  columns: ['Id', 'ExternalId', 'PaymentId', 'UserId', 'Status', 'Amount', 'CreatedAt', 'UpdatedAt'],
};
const claims: MirroredTable = { table: tables.Claims, columns: ['Id', 'ResourceId', 'Status', 'DataCreated'] };
const users: MirroredTable = { table: tables.AspNetUsers, columns: ['Id', 'EmailConfirmed'] };

interface ClaimPayment {
  Id: number;
  Status: number | null;
  paymentId: string | null;
  cents: number;
}

const byStatus = rollup(
  'ByStatus',
  part(relationOf(tables.Payments), ({ column }) => ({
    by: { Status: column('Status') },
    sums: { cents: column('Amount'), updated: oneIf(isPresent(column('UpdatedAt'))) },
  })),
);
const byHour = hourlyRollup('ByHour', tables.Payments, 'CreatedAt', ({ column }) => ({
  where: equals(column('Status'), 'approved'),
  sums: { cents: column('Amount'), late: difference(column('UpdatedAt'), column('CreatedAt')) },
}));
const byTimeOfDay = rollup(
  'ByTimeOfDay',
  part(relationOf(tables.Payments), ({ column }) => ({
    by: { hour: hourOfDay(column('CreatedAt')) },
    sums: { days: dayNumberOf(column('CreatedAt')) },
    where: isPresent(column('CreatedAt')),
  })),
);
const byUser = rollup(
  'ByUser',
  part(relationOf(tables.Payments), ({ column }) => ({
    by: { user: column('UserId') },
    sums: { paid: oneIf(equals(column('Status'), 'approved')) },
  })),
  part(relationOf(tables.AspNetUsers), ({ column }) => ({
    by: { user: column('Id') },
    sums: { registered: oneIf(isPresent(column('Id'))) },
  })),
);
const byKindOfUser = rollup(
  'ByKindOfUser',
  part(byUser, ({ column }) => ({ by: { pays: isPositive(column('paid')) } })),
);
const claimPayments = derivedTable<ClaimPayment>({
  name: 'ClaimPayments',
  of: 'Claims',
  key: 'Id',
  columns: { Id: 'integer', Status: 'integer', paymentId: 'text', cents: 'integer' },
  select: `select base.Id, base.Status, p.Id, coalesce(p.Amount, 0) from Claims as base left join Payments as p on p.Id = coalesce(
    (select Id from Payments where PaymentId = base.ResourceId order by Id limit 1),
    (select Id from Payments where ExternalId = base.ResourceId order by Id limit 1))`,
  follows: {
    Payments: {
      columns: ['PaymentId', 'ExternalId', 'Amount'],
      affects: 'base.ResourceId in (row.PaymentId, row.ExternalId)',
    },
  },
});
const byClaimStatus = rollup(
  'ByClaimStatus',
  part(claimPayments, ({ column }) => ({ by: { Status: column('Status') }, sums: { cents: column('cents') } })),
);
const objects = [byStatus, byHour, byTimeOfDay, byUser, byKindOfUser, claimPayments, byClaimStatus];

const shape = mirrorShape([payments, claims, users], objects);
const catalog = {
  keys: EXACT_KEYS,
  columns: Object.fromEntries([payments, claims, users].map(({ table, columns }) => [table.name, columns])),
};

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const instant = fc.option(
  fc.integer({ min: -3, max: 30 }).map((hours) => new Date(hours * 1_800_000 + (hours % 3)).toISOString()),
  { freq: 6 },
);
const paymentRow = fc.tuple(
  key,
  key,
  fc.option(key),
  fc.constantFrom('u1', 'u2', 'u3'),
  fc.constantFrom('approved', 'Aprovado', 'pending', 'other', 7),
  fc.constantFrom(1, 2.5, 19.99, 'x', null),
  instant,
  instant,
);
const claimRow = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.option(key), fc.constantFrom(0, 3, 'x'), instant);
const userRow = fc.tuple(fc.constantFrom('u1', 'u2', 'u9'), fc.constantFrom(0, 1, 2));

const step = fc.oneof(
  fc.record({ table: fc.constant('Payments'), rows: fc.array(paymentRow, { maxLength: 4 }) }),
  fc.record({ table: fc.constant('Claims'), rows: fc.array(claimRow, { maxLength: 3 }) }),
  fc.record({ table: fc.constant('AspNetUsers'), rows: fc.array(userRow, { maxLength: 2 }) }),
  fc.record({ table: fc.constant('Payments'), deleted: fc.array(key, { maxLength: 3 }) }),
  fc.record({ table: fc.constant('Claims'), deleted: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }) }),
  fc.record({ table: fc.constant('Payments'), whole: fc.array(paymentRow, { maxLength: 6 }) }),
);

type Step = typeof step extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function handOver(mirror: MirrorDatabase, each: Step): void {
  if ('rows' in each) mirror.rows(each.table, each.rows);
  else if ('deleted' in each) mirror.deleted(each.table, each.deleted);
  else {
    mirror.whole(each.table);
    mirror.rows(each.table, each.whole);
  }
}

/** Every rollup and derived table, beside what its own statement makes of the tables now. */
function expectFresh(database: Database): void {
  for (const { name, create, fill } of shape.objects) {
    database.run('savepoint fresh');
    const kept = database.query(`select * from "${name}" order by 1, 2`).values();
    for (const { name: trigger } of database
      .query<{ name: string }, []>("select name from sqlite_schema where type = 'trigger'")
      .all())
      database.run(`drop trigger "${trigger}"`);
    database.run(`drop table "${name}"`);
    for (const statement of [...create, ...fill]) database.run(statement);
    const fresh = database.query(`select * from "${name}" order by 1, 2`).values();
    database.run('rollback to fresh');
    database.run('release fresh');
    expect({ name, rows: kept }).toEqual({ name, rows: fresh });
  }
}

test('after any sequence of changes each rollup equals its own query from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ payments: fc.array(paymentRow, { maxLength: 8 }), claims: fc.array(claimRow, { maxLength: 5 }) }),
      fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 5 }),
      async (first, batches) => {
        let database: Database | undefined;
        const mirror = new MirrorDatabase({ shape, path: null, onOpen: (opened) => (database = opened) });
        mirror.begin('load', catalog);
        mirror.rows('Payments', first.payments);
        mirror.rows('Claims', first.claims);
        await mirror.commit('0');
        if (database === undefined) throw new Error('No database was opened');
        expectFresh(database);
        for (const [index, batch] of batches.entries()) {
          mirror.begin('changes', catalog);
          for (const each of batch) handOver(mirror, each);
          await mirror.commit(String(index + 1));
          expect(mirror.state()?.position).toBe(String(index + 1));
          expectFresh(database);
        }
        mirror.close();
      },
    ),
    { numRuns: 150, interruptAfterTimeLimit: 100_000 },
  );
}, 120_000);

test('windows are exact to the millisecond, whatever their edges', async () => {
  const spans = fc.array(
    fc
      .tuple(fc.integer({ min: -7_200_000, max: 60_000_000 }), fc.integer({ min: 0, max: 20_000_000 }))
      .map(([from, length]) => ({ from, before: from + length })),
    { maxLength: 6 },
  );
  const rows = fc.array(
    fc.tuple(fc.integer({ min: -7_200_000, max: 60_000_000 }), fc.integer({ min: 0, max: 500 }), fc.boolean()),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(rows, spans, async (drawn, windows) => {
      const mirror = new MirrorDatabase({ shape, path: null });
      mirror.begin('load', catalog);
      mirror.rows(
        'Payments',
        drawn.map(([at, cents, approved], index) => [
          `p${index}`,
          `e${index}`,
          null,
          'u',
          approved ? 'approved' : 'pending',
          cents / 100,
          new Date(at).toISOString(),
          null,
        ]),
      );
      await mirror.commit('0');
      const reader = mirror.reader();
      if (reader === null) throw new Error('The mirror is empty');
      expect(countsOf(reader, byHour, windows)).toEqual(
        windows.map(({ from, before }) => {
          const some = drawn.filter(([at, , approved]) => approved && at >= from && at < before);
          return [some.length, some.reduce((sum, [, cents]) => sum + cents, 0)];
        }),
      );
      mirror.close();
    }),
    { numRuns: 300 },
  );
}, 60_000);

function countsOf(
  reader: MirrorReader,
  hourly: Rollup<{ hour: number; count: number; cents: number }>,
  windows: readonly { from: number; before: number }[],
): [number, number][] {
  const totals = reader.totals(hourly, windows);
  return windows.map((_, index) => {
    const found = totals.find(({ span }) => span === index);
    return [found?.count ?? 0, found?.cents ?? 0];
  });
}
