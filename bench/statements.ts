import { Database } from 'bun:sqlite';
import { DEFAULT_TIMINGS } from '../src/core/runtime/actor-state.ts';
import { fillDatabase } from '../src/demo/database.ts';
import { features } from '../src/features/index.ts';
import { noDocuments } from '../tests/oracle/agreement.ts';
import { connectHub } from '../tests/support/hub-client.ts';
import { serveOverTds } from '../tests/support/sql-server.ts';
import { startTestServer } from '../tests/support/test-server.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';

/**
 * What the server asks of SQL Server in a minute, with all SQL features and many clients, against the old design: every
 * figure anew for every client at every broadcast.
 */
const CLIENTS_EACH = 20;
const MINUTE_MS = 60_000;
/** As long as it takes until every feature is read anew though nothing changed. */
const IDLE_MINUTES = DEFAULT_TIMINGS.maxAgeMs / MINUTE_MS;
const FULL_READ_MARGIN_MS = 10_000;
const OLD_BROADCASTS_A_MINUTE = 2;
const CHANGES_A_SECOND = 2;
/** What is asked to learn whether anything changed. */
const WATCHING = /change_tracking|sys\.|information_schema/;

const sqlFeatures = features.filter(({ source }) => source === 'sql');
const clientCount = sqlFeatures.length * CLIENTS_EACH;
printHeading(`Statements a minute at SQL Server: ${sqlFeatures.length} features, ${clientCount} clients`);

const database = new Database(':memory:', { strict: true });
fillDatabase(database, { seed: 1, scale: 0.1, anchor: Date.now() }, () => {});
const asked: string[] = [];
const sql = await serveOverTds(database, {
  interfere({ sql: text }) {
    asked.push(text);
    return undefined;
  },
});
const source = sql.source();
const server = startTestServer({
  features: sqlFeatures,
  sources: { sql: source, documents: noDocuments },
  intervalMs: 30_000,
});
const clients = await Promise.all(
  sqlFeatures.flatMap(({ name }) => Array.from({ length: CLIENTS_EACH }, () => connectHub(server.url, name))),
);
await Promise.all(clients.map((client) => client.nextOf('Snapshot')));

// One full refresh of everything, alone.
const beforeRefresh = { at: asked.length, rows: sql.rows };
await Promise.all(server.supervisor.running.map(({ actor }) => actor.refresh()));
const refresh = {
  statements: asked.slice(beforeRefresh.at).filter((text) => !WATCHING.test(text)).length,
  rows: sql.rows - beforeRefresh.rows,
};

async function measure(minutes: number, change: () => void) {
  const before = { at: asked.length, rows: sql.rows };
  const changing = setInterval(change, 1000 / CHANGES_A_SECOND);
  await Bun.sleep(minutes * MINUTE_MS);
  clearInterval(changing);
  const inTime = asked.slice(before.at);
  const watching = inTime.filter((text) => WATCHING.test(text)).length;
  const aMinute = (count: number) => Math.round(count / minutes);
  return {
    watching: aMinute(watching),
    reading: aMinute(inTime.length - watching),
    rows: aMinute(sql.rows - before.rows),
  };
}

// So that the next full read is well inside of what is measured.
await Bun.sleep(FULL_READ_MARGIN_MS);
const idle = await measure(IDLE_MINUTES, () => {});
const changing = await measure(1, () => sql.system.changes.write('Payments'));
const old = OLD_BROADCASTS_A_MINUTE * clientCount;

await Promise.all(clients.map((client) => client.close()));
await server.stop();
await source.close();
await sql.close();

const total = ({ watching, reading }: typeof idle) => watching + reading;
printTable(
  ['a minute', 'asking what changed', 'reading figures', 'statements', 'rows sent'],
  [
    ['nothing changes', idle.watching, idle.reading, total(idle), idle.rows],
    [`${CHANGES_A_SECOND} payments a second`, changing.watching, changing.reading, total(changing), changing.rows],
    ['old design, either way', 0, refresh.statements * old, refresh.statements * old, refresh.rows * old],
  ],
);
printTargets([
  { words: 'asking what changed, a second', measured: idle.watching / 60, unit: '', atMost: 1 },
  { words: 'idle, all statements a second', measured: total(idle) / 60, unit: '', atMost: 1 },
]);
process.exit(0);
