import { Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { createSqlServerFeedSource } from '../src/core/feeds/sql-server/source.ts';
import { SQL_SERVER_DEFAULTS } from '../src/core/feeds/sql-server/settings.ts';
import { mirroredIn } from '../src/open-feeds.ts';
import { features } from '../src/features/index.ts';
import { systemClock } from '../src/core/runtime/clock.ts';
import { cpuSecondsOf } from './support/process-usage.ts';
const database = startChild('sql-server.ts', ['1000000']);
const port = await database.ask('port', null, Type.Integer());
const ca = await Bun.file('tests/support/tds/test-certificate.pem').text();
const source = createSqlServerFeedSource({ settings: {...SQL_SERVER_DEFAULTS, server:'localhost', port, database:'Greg', userName:'x', password:'y', certificateAuthority: ca}, tables: mirroredIn('sql', features), clock: systemClock, random: Math.random });
const t0 = performance.now();
const c0 = await cpuSecondsOf(process.pid); const d0 = await cpuSecondsOf(database.pid);
const session = await source.open(AbortSignal.timeout(20000));
console.log('opened', performance.now()-t0);
let rows = 0; let chunks = 0;
try {
await session.load({ rows: async (_t, r) => { rows += r.length; chunks++; if (process.env.SLOW) await Bun.sleep(Number(process.env.SLOW)); } }, AbortSignal.timeout(200000));
} catch (e) { console.log('FAILED', e, (e as any).cause, (e as any).cause?.code, (e as any).cause?.originalError); }
console.log(rows, chunks, 'ms', performance.now()-t0, 'cpu', (await cpuSecondsOf(process.pid))-c0, (await cpuSecondsOf(database.pid))-d0);
await source.close(); process.exit(0);
