import { afterAll, expect, test } from 'bun:test';
import { filter, firstValueFrom } from 'rxjs';
import { createCalendar } from '../../../src/core/figures/zone.ts';
import { createJournal } from '../../../src/core/notifications/journal.ts';
import type { Outlet } from '../../../src/core/outlets/outlet.ts';
import { runOutlet } from '../../../src/core/outlets/outlet-actor.ts';
import { systemClock } from '../../../src/core/runtime/clock.ts';
import { createRowsOutlet } from '../../../src/features/rows/index.ts';
import { keptNotifications } from '../../support/kept-notifications.ts';
import { keptOutlets } from '../../support/kept-outlets.ts';
import { publishedFeature } from '../../support/published-feature.ts';
import { createRowsService } from '../../support/rows-service.ts';
import { rowsSettings } from '../../support/rows-settings.ts';
import { item, itemsSnapshot, listed, shownItems } from './listed-feature.ts';

/** Reading back waits half a second for each range. */
const WITHIN_MS = 30_000;

const service = createRowsService();
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => service.handle(request) });
afterAll(() => server.stop(true));

function outletAt(url: string): Outlet {
  return createRowsOutlet(rowsSettings({ url }), { features: [listed], timeZone: 'America/Sao_Paulo' });
}

test(
  'over HTTP the tables are made and filled, and a job reads them back',
  async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const clock = systemClock;
    const feature = publishedFeature(listed);
    const actor = runOutlet({
      ...{
        outlet: outletAt(`${server.url.origin}/v1`),
        running: [feature.running],
        clock,
        random: Math.random,
        onError,
      },
      journal: createJournal({ store: keptNotifications().open(), clock, onError }),
      store: keptOutlets().open(),
      calendar: createCalendar('America/Sao_Paulo'),
    });
    const upToDate = () =>
      firstValueFrom(
        actor.statusChanges.pipe(filter(({ lastSuccess, waiting }) => lastSuccess !== null && waiting === 0)),
      );
    actor.start();
    const first = upToDate();
    feature.publish(itemsSnapshot([item('Ana'), item('=1+1', 2)]));
    await first;
    expect(service.workspace.cells('Items')).toEqual(shownItems([item('Ana'), item('=1+1', 2)]));

    service.workspace.overwrite('Items', [['by hand']]);
    const { id } = actor.sync(null);
    await firstValueFrom(actor.statusChanges.pipe(filter(() => actor.job(id)?.status === 'done')));
    expect(service.workspace.cells('Items')).toEqual(shownItems([item('Ana'), item('=1+1', 2)]));
    await actor.stop();
    expect(service.violations).toEqual([]);
    expect(errors).toEqual([]);
  },
  WITHIN_MS,
);

test(
  'over HTTP the doctor finds the tables, and writes a cell that no sheet uses',
  async () => {
    const { check } = outletAt(`${server.url.origin}/v1`);
    const before = service.workspace.cells('Dashboard');
    const accepts = { what: 'Rows.com', verdict: 'ok', found: 'accepts the key; 2 of 2 tables are there', next: null };
    expect(await check?.({ write: false, fetch })).toEqual([expect.objectContaining(accepts)]);
    expect(await check?.({ write: true, fetch })).toEqual([
      expect.objectContaining(accepts),
      {
        ...{ what: 'cell of Rows.com', verdict: 'ok', next: null },
        found: 'Dashboard!G1 was written, read back and emptied',
      },
    ]);
    expect(service.workspace.cells('Dashboard')).toEqual(before);
    expect(service.violations).toEqual([]);
  },
  WITHIN_MS,
);

test('an address where nothing listens is tried again later', async () => {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const feature = publishedFeature(listed);
  const actor = runOutlet({
    ...{ outlet: outletAt('http://127.0.0.1:1/v1'), running: [feature.running], clock: systemClock, onError },
    ...{ random: Math.random, store: keptOutlets().open(), calendar: createCalendar('America/Sao_Paulo') },
    journal: createJournal({ store: keptNotifications().open(), clock: systemClock, onError }),
  });
  const failed = firstValueFrom(actor.statusChanges.pipe(filter(({ activity }) => activity === 'backing-off')));
  actor.start();
  feature.publish(itemsSnapshot([item('Ana')]));
  const { failing } = await failed;
  await actor.stop();
  expect(failing?.reason).toContain('127.0.0.1:1 cannot be reached');
  expect(errors).toEqual([]);
});
