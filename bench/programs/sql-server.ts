import { Database } from 'bun:sqlite';
import { createTableStatements } from '../../src/demo/sqlite-schema.ts';
import { serveSqlServer } from '../../tests/support/sql-server-endpoint.ts';
import { answerRequests } from '../support/answer.ts';

/**
 * A SQL Server with Change Tracking over real TLS connections, with many payments and little else. The argument is the
 * number of payments.
 */
const [payments = '1000000'] = process.argv.slice(2);
const YEARS_MS = 3 * 365 * 86_400_000;
const USERS = 50_000;

const database = new Database(':memory:', { strict: true });
for (const statement of createTableStatements()) database.run(statement);
const now = Date.now();
// Keys of the back end are GUIDs, 36 characters of text.
const guid = (prefix: string) => `printf('${prefix}%07d-0000-4000-8000-%012d', n, n * 7919)`;
const someInstant = `strftime('%Y-%m-%dT%H:%M:%fZ', (${now} - (n * 104729 % ${YEARS_MS})) / 1000.0, 'unixepoch')`;
database.run(
  `with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${Number(payments) - 1})
   insert into Payments (Id, ExternalId, PaymentId, UserId, Status, PayerEmail, Method, Installments, DateApproved, Amount, SubscriptionId, CreatedAt, UpdatedAt)
   select ${guid('a')}, ${guid('e')}, cast(60000000000 + n as text), printf('u%07d-0000-4000-8000-%012d', n % ${USERS}, n % ${USERS}),
     case n % 10 when 0 then 'pending' when 1 then 'rejected' when 2 then 'cancelled' else 'approved' end,
     'payer' || (n % ${USERS}) || '@example.com', case n % 3 when 0 then 'pix' when 1 then 'credit_card' else 'boleto' end,
     1 + n % 12, ${someInstant}, (n % 50000) / 100.0, ${guid('s')}, ${someInstant}, null
   from numbers`,
);
const server = await serveSqlServer(database);
let paid = 0;

answerRequests({
  port: () => server.endpoint.port,
  rowsSent: () => server.rowsSent,
  /** Adds a payment, as the back end would. */
  pay() {
    paid++;
    server.write(
      `insert into Payments (Id, ExternalId, UserId, Status, PayerEmail, Method, Installments, Amount, SubscriptionId, CreatedAt)
       values ('bench${paid}', 'bench${paid}', 'bench', 'approved', 'b@example.com', 'pix', 1, 1.5, '', '${new Date().toISOString()}')`,
    );
  },
});
