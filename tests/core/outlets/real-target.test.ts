import { afterEach, expect, test } from 'bun:test';
import { createServer, type Server, type Socket } from 'node:net';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import type { Pass } from '../../../src/core/outlets/outlet.ts';
import { type OutletActor, runOutlet } from '../../../src/core/outlets/outlet-actor.ts';
import { errorOfAnswer } from '../../../src/core/outlets/outlet-errors.ts';
import { volatileOutletStore } from '../../../src/core/outlets/outlet-memory.ts';
import { type Clock, systemClock } from '../../../src/core/runtime/clock.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { simpleOutlet } from '../../support/simple-outlet.ts';
import { until } from '../../support/until.ts';
import { scriptedFeatures } from './scripted-features.ts';

/** The machine's time, a hundred times as fast, so that back-off does not take seconds. */
const FASTER = 100;
const fastClock: Clock = {
  now: Date.now,
  elapsed: () => systemClock.elapsed() * FASTER,
  schedule: (delayMs, run) => systemClock.schedule(delayMs / FASTER, run),
};

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok';
/** What the target does with one request after the other; then all goes well. */
const TROUBLES: readonly ((socket: Socket) => void)[] = [
  (socket) => void socket.resetAndDestroy(),
  (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
  (socket) => void socket.end('\0\x01\x02 no HTTP at all'),
  (socket) => void socket.end('HTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n'),
  // Silent, and slow: both past the deadline of a request.
  () => {},
  (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
];

let server: Server;
let actor: OutletActor;
afterEach(async () => {
  await actor.stop();
  server.close();
});

test('a target that resets, cuts, talks garbage, is busy, silent and slow is up to date in the end', async () => {
  const received: string[] = [];
  let requests = 0;
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const trouble = TROUBLES[requests++];
      if (trouble !== undefined) return trouble(socket);
      received.push(data.toString().split('\r\n\r\n')[1] ?? '');
      socket.end(OK);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  const deliver = async ({ snapshots, fetch }: Pass) => {
    const body = snapshots.get('claims')?.encoded.data ?? '';
    const { status, headers } = await fetch(url, { method: 'POST', body });
    if (status !== 200) throw errorOfAnswer({ status, headers, message: `answered ${status}` }, Date.now());
  };
  const features = scriptedFeatures(['claims']);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const reasons: string[] = [];
  actor = runOutlet({
    outlet: simpleOutlet(deliver, {
      budget: { rate: { requests: 100, withinMs: 1_000 }, perMonth: null, requestWithinMs: 20_000 },
      passWithinMs: 600_000,
    }),
    journal: createJournal({ store: keptNotifications().open(), clock: fastClock, onError }),
    ...{ running: features.running, store: volatileOutletStore(), clock: fastClock, random: () => 0, onError },
    calendar: createCalendar('America/Sao_Paulo'),
  });
  actor.statusChanges.subscribe(({ activity, failing }) => {
    if (activity === 'backing-off' && failing !== null) reasons.push(failing.reason.replace(/127[^ ]*/, 'it'));
  });
  features.publish('claims', 'claims 1');
  actor.start();
  await until(() => actor.status().lastSuccess !== null);
  expect(received).toEqual(['"claims 1"']);
  expect(reasons.map((reason) => reason.replace(/\(.*\)/, '(…)'))).toEqual([
    ...Array.from({ length: 3 }, () => 'it cannot be reached (…)'),
    'answered 503',
    ...Array.from({ length: 2 }, () => 'it did not answer within 20 s'),
  ]);
  expect(actor.status()).toMatchObject({ failing: null, waiting: 0, requestsThisHour: 7 });
  expect(errors).toEqual([]);
}, 30_000);
