import { expect, test } from 'bun:test';
import { heldResources } from '../../../support/held-resources.ts';
import { startMongoEndpoint } from '../../../support/mongo-endpoint/endpoint.ts';
import { mongoFeedAt } from '../../../support/mongo-feed.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { heldRows, rowsOf } from './expected-rows.ts';
import { follow } from './follower.ts';

const CYCLES = Number(process.env.FAULT_CYCLES ?? 100);
/** Caches and pools, and what the endpoint remembers, are full by then. */
const WARM_SHARE = 0.4;
const WITHIN_MS = 300_000;

test(
  `${CYCLES} lost connections to MongoDB leave nothing behind, and lose no change`,
  async () => {
    const endpoint = await startMongoEndpoint({ collections: { support_tickets: [{ _id: 1 }], logs: [] } });
    const proxy = await startTcpProxy(`http://127.0.0.1:${endpoint.port}`);
    const follower = follow(mongoFeedAt(endpoint.urlAt(proxy.port), {}, { awaitMs: 50 }));
    let failures = 0;
    const sync = async () => {
      for (;;) {
        try {
          return await follower.sync();
        } catch {
          failures++;
        }
      }
    };
    const cycle = async (index: number) => {
      endpoint.update('support_tickets', 1, { userId: `u${index}` });
      const syncing = sync();
      if (index % 3 === 1) proxy.cut();
      // In the middle of the server's answer.
      const midway = index % 3 === 2 ? proxy.cutAfter(200) : undefined;
      await Promise.all([syncing, midway]);
      if (index % 3 === 0) proxy.cut();
      expect(heldRows(follower.held)).toEqual(rowsOf(Object.fromEntries(endpoint.data.collections)));
    };
    const warm = Math.round(CYCLES * WARM_SHARE);
    for (let index = 0; index < warm; index++) await cycle(index);
    const before = heldResources();
    for (let index = warm; index < CYCLES; index++) await cycle(index);
    const after = heldResources();
    expect(after.files - before.files).toBeLessThan(20);
    expect(after.objects / before.objects).toBeLessThan(1.15);
    // One cut is made good at once.
    expect(failures).toBeLessThan(CYCLES / 10);
    expect(follower.loads).toBe(1);
    await follower.close();
    await proxy.close();
    // An answer that was lost named a cursor that nobody can give up; a server does so after ten minutes.
    expect(endpoint.openCursors).toBeLessThan(CYCLES / 20);
    await endpoint.close();
  },
  WITHIN_MS,
);
