import { Database } from 'bun:sqlite';
import { fillDatabase } from '../src/demo/database.ts';
import { features } from '../src/features/index.ts';
import { mirroredIn } from '../src/open-feeds.ts';
import { memoryDocumentSource } from '../tests/support/folder-sources.ts';
import { connectHub } from '../tests/support/hub-client.ts';
import { serveSqlServer } from '../tests/support/sql-server-endpoint.ts';
import { startTestServer } from '../tests/support/test-server.ts';
import { benchMirror, feedsOver } from './support/demo-stack.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';

/**
 * Counts the server's statements at SQL Server in a minute, with all SQL features and many clients, over real TDS
 * connections: without changes, and with two new payments per second.
 */
const CLIENTS_EACH = 20;
const MINUTE_MS = 60_000;
const CHANGES_A_SECOND = 2;
/** Time for the first load to settle. */
const SETTLED_AFTER_MS = 3_000;
/** The design before the mirror, counted at this size of company: every figure for every client at every broadcast. */
const OLD_DESIGN = { statements: 5_280, rows: 143_280 };

const sqlFeatures = features.filter(({ source }) => source === 'sql');
const clientCount = sqlFeatures.length * CLIENTS_EACH;
printHeading(`Statements a minute at SQL Server: ${sqlFeatures.length} features, ${clientCount} clients`);

const database = new Database(':memory:', { strict: true });
fillDatabase(database, { seed: 1, scale: 0.1, anchor: Date.now() }, () => {});
const sqlServer = await serveSqlServer(database);
const mirror = await benchMirror();
const feeds = feedsOver(
  {
    sql: sqlServer.source({ tables: mirroredIn('sql', features) }),
    documents: memoryDocumentSource({}, mirroredIn('documents', features)).source,
  },
  mirror,
);
const server = startTestServer({ features: sqlFeatures, sources: { feeds, mirror }, intervalMs: 30_000 });
const clients = await Promise.all(
  sqlFeatures.flatMap(({ name }) => Array.from({ length: CLIENTS_EACH }, () => connectHub(server.url, name))),
);
await Promise.all(clients.map((client) => client.nextOf('Snapshot')));
await Bun.sleep(SETTLED_AFTER_MS);

let payments = 0;
function pay(): void {
  payments++;
  sqlServer.write(
    `insert into Payments (Id, ExternalId, UserId, Status, PayerEmail, Method, Installments, Amount, SubscriptionId, CreatedAt)
     values ('bench${payments}', 'bench${payments}', 'bench', 'approved', 'b@example.com', 'pix', 1, 1.5, '', '${new Date().toISOString()}')`,
  );
}

/** Requests and rows in a minute. */
async function measure(change: () => void) {
  const before = { statements: sqlServer.requests, rows: sqlServer.rowsSent };
  const changing = setInterval(change, 1000 / CHANGES_A_SECOND);
  await Bun.sleep(MINUTE_MS);
  clearInterval(changing);
  return { statements: sqlServer.requests - before.statements, rows: sqlServer.rowsSent - before.rows };
}

const idle = await measure(() => {});
const changing = await measure(pay);

await Promise.all(clients.map((client) => client.close()));
await server.stop();
await sqlServer.close();

printTable(
  ['a minute', 'statements', 'rows sent'],
  [
    ['nothing changes', idle.statements, idle.rows],
    [`${CHANGES_A_SECOND} payments a second (${payments})`, changing.statements, changing.rows],
    ['old design, either way', OLD_DESIGN.statements, OLD_DESIGN.rows],
  ],
);
printTargets([
  { words: 'idle, statements a minute', measured: idle.statements, unit: '', atMost: 60 },
  { words: 'idle, rows a minute', measured: idle.rows, unit: '', atMost: 0 },
  { words: 'two payments a second, statements a minute', measured: changing.statements, unit: '', atMost: 200 },
  { words: 'rows sent a changed row', measured: changing.rows / payments, unit: '', atMost: 1.02 },
]);
process.exit(0);
