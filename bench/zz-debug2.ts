import { Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
import { createSqlServerFeedSource } from '../src/core/feeds/sql-server/source.ts';
import { SQL_SERVER_DEFAULTS } from '../src/core/feeds/sql-server/settings.ts';
import { mirroredIn } from '../src/open-feeds.ts';
import { features } from '../src/features/index.ts';
import { systemClock } from '../src/core/runtime/clock.ts';
import { benchMirror } from './support/demo-stack.ts';
import { createFeed } from '../src/core/feeds/feed.ts';
import { cpuSecondsOf } from './support/process-usage.ts';
const database = startChild('sql-server.ts', ['1000000']);
const port = await database.ask('port', null, Type.Integer());
const ca = await Bun.file('tests/support/tds/test-certificate.pem').text();
const tables = mirroredIn('sql', features);
const inner = createSqlServerFeedSource({ settings: {...SQL_SERVER_DEFAULTS, server:'localhost', port, database:'Greg', userName:'x', password:'y', certificateAuthority: ca}, tables, clock: systemClock, random: Math.random });
const t0 = performance.now();
const log = (...a: unknown[]) => console.log(Math.round(performance.now()-t0), ...a);
const source = { ...inner, async open(signal: AbortSignal) {
  const session = await inner.open(signal);
  log('opened');
  return { ...session, compare: session.compare, get pauseMs() { return session.pauseMs; }, async load(sink: any, s: AbortSignal) {
    try { const p = await session.load(sink, s); log('read'); return p; } catch (e: any) { log('LOAD FAILED', e, 'CAUSE', e.cause, e.cause?.code, e.cause?.originalError); throw e; }
  } };
} };
const mirror = await benchMirror();
const c0 = await cpuSecondsOf(process.pid); const d0 = await cpuSecondsOf(database.pid);
const feed = createFeed({ source, mirror: mirror.writer('sql', tables), clock: systemClock, random: Math.random, onError: (e) => log('ERROR', e) });
feed.statusChanges.subscribe((s) => log(s.activity, s.rowsRead, s.failing?.reason));
const timer = setInterval(() => log('rows', feed.status().rowsRead), 2000);
feed.start();
await feed.sync().catch((e) => log('sync failed', e.message));
clearInterval(timer);
log('synced cpu', (await cpuSecondsOf(process.pid))-c0, (await cpuSecondsOf(database.pid))-d0, JSON.stringify((await mirror.size('sql')).bytes));
process.exit(0);
