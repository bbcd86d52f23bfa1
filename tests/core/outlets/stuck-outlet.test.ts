import { afterEach, expect, test } from 'bun:test';
import { connectHub } from '../../support/hub-client.ts';
import { simpleOutlet } from '../../support/simple-outlet.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { until } from '../../support/until.ts';
import { figureOf, scriptFeatures } from '../hubs/scripted-features.ts';

let server: TestServer;
afterEach(() => server.stop());

test('outlets that never end, throw or reject do not delay what a hub emits, nor another outlet', async () => {
  const { features, sources, scripts } = scriptFeatures('claims', 'users');
  const delivered: unknown[] = [];
  server = startTestServer({
    ...{ features, sources, intervalMs: 250 },
    outlets: [
      simpleOutlet(() => new Promise(() => {}), { name: 'stuck' }),
      simpleOutlet(
        () => {
          throw new TypeError('a bug');
        },
        { name: 'throwing' },
      ),
      simpleOutlet(() => Promise.reject(new TypeError('a bug')), { name: 'rejecting' }),
      simpleOutlet(
        async ({ snapshots }) => {
          delivered.push(figureOf(snapshots.get('claims')));
        },
        { name: 'working' },
      ),
    ],
  });
  const activityOf = (name: string) => server.outlets.find(name)?.status().activity;
  await until(() => activityOf('stuck') === 'delivering' && activityOf('rejecting') === 'backing-off');
  const client = await connectHub(server.url, 'claims');
  await client.nextOf('Snapshot');
  for (let value = 101; value <= 103; value++) {
    scripts.claims.show(value);
    await client.next((frame) => frame.type === 'Snapshot' && figureOf(frame) === value);
    await until(() => delivered.at(-1) === value);
  }
  expect(activityOf('stuck')).toBe('delivering');
  expect(activityOf('throwing')).toBe('backing-off');
  await client.close();
});
