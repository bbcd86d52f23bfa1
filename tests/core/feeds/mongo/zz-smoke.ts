import { createFeed } from '../../../../src/core/feeds/feed.ts';
import { openMirrorDatabase } from '../../../../src/core/mirror/database.ts';
import { mirrorShape } from '../../../../src/core/mirror/store-tables.ts';
import { systemClock } from '../../../../src/core/runtime/clock.ts';
import { startMongoEndpoint } from '../../../support/mongo-endpoint/endpoint.ts';
import { mirroredCollections, mongoFeedAt } from '../../../support/mongo-feed.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { documents, ticket } from './expected-rows.ts';
import type { Database } from 'bun:sqlite';

const e = await startMongoEndpoint({ collections: documents() });
const target = `http://127.0.0.1:${e.port}`;
const proxy = await startTcpProxy(target);
let db: Database | undefined;
const mirror = openMirrorDatabase({ shape: mirrorShape([...mirroredCollections], []), path: null, onOpen: (d: Database) => { db = d; } } as any) as any;
const writer = { source: 'documents', tables: mirroredCollections, state: async () => mirror.state(), begin: async (k: any, c: any) => mirror.begin(k, c), rows: async (t: any, r: any) => mirror.rows(t, r), deleted: async (t: any, k: any) => mirror.deleted(t, k), whole: async (t: any) => mirror.whole(t), commit: async (p: any) => mirror.commit(p), rollback: async () => mirror.rollback(), checksums: async () => mirror.checksums() } as any;
const t0 = performance.now();
const at = () => Math.round(performance.now() - t0);
const feed = createFeed({ source: mongoFeedAt(e.urlAt(proxy.port), { connectTimeoutMs: 5000 }), mirror: writer, clock: systemClock, random: Math.random, onError: (err) => console.log('ERR', err) } as any);
feed.statusChanges.subscribe((s) => console.log(at(), s.activity, s.mode, s.failing?.reason ?? ''));
feed.start();
await feed.sync(); console.log(at(), 'synced', db?.query('select count(*) n from support_tickets').get());
const faults: [string, () => () => void][] = [
  ['refused', () => { proxy.forwardTo(null); proxy.cut(); return () => proxy.forwardTo(target); }],
  ['hold', () => { const r = proxy.hold(); proxy.cut(); return () => { proxy.cut(); r(); }; }],
  ['silent', () => proxy.stall()],
  ['garbled', () => proxy.garble()],
  ['slow', () => proxy.slowDown(1)],
];
for (const [name, begin] of faults) {
  console.log(at(), '-----', name);
  const mend = begin();
  const start = at();
  while (feed.status().failing === null && at() - start < 60_000) await Bun.sleep(20);
  console.log('   told after', at() - start);
  e.insert('support_tickets', [ticket(3)]);
  await Bun.sleep(3000);
  mend();
  const mended = at();
  while (feed.status().failing !== null) await Bun.sleep(20);
  console.log('   back after', at() - mended, db?.query('select count(*) n from support_tickets').get());
}
await feed.stop(); console.log(at(), 'stopped', e.openCursors);
await proxy.close(); await e.close();
