import { Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { residentBytesOf, untilIdle } from './support/process-usage.ts';
import { printHeading, printTable, printTargets } from './support/report.ts';
import { startServer } from './support/server.ts';

/** Measures the resident memory of the server with the demo company, and of an idle client. */
const PROCESSES = 5;
const CLIENTS_EACH = 1_000;
const MEGABYTE = 1024 ** 2;

printHeading(`Memory: the server with demo data, then with ${PROCESSES * CLIENTS_EACH} idle clients of one hub`);

const server = await startServer({ DEMO_RATE: '0' });
await untilIdle(server.pid);
const before = await residentBytesOf(server.pid);

const url = `${server.url.replace('http', 'ws')}/hubs/content?protocol=json`;
const processes = Array.from({ length: PROCESSES }, () => startChild('hub-clients.ts', [String(CLIENTS_EACH), url]));
for (const clients of processes) await clients.ask('connect', null, Type.Null());
await untilIdle(server.pid);
const after = await residentBytesOf(server.pid);
const eachKilobytes = (after - before) / (PROCESSES * CLIENTS_EACH) / 1024;

await Promise.all(processes.map((clients) => clients.end()));
await server.stop();

printTable(
  ['resident memory', 'MB without clients', 'MB with clients', 'KB a client'],
  [['server', before / MEGABYTE, after / MEGABYTE, eachKilobytes]],
);
printTargets([
  { words: 'the server with demo data', measured: before / MEGABYTE, unit: ' MB', atMost: 250 },
  { words: 'an idle client', measured: eachKilobytes, unit: ' KB', atMost: 15 },
]);
