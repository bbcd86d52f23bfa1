import { Database } from 'bun:sqlite';
import { afterAll, describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { connectHub } from '../support/hub-client.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { SLOW_MS, stage } from './stage.ts';
import { visit } from './visit.ts';

const SHOWN_WITHIN_MS = 1_000;
const MOST_CHANGES = 3;

const Claims = Type.Object({
  data: Type.Object({ summary: Type.Object({ TotalClaims: Type.Integer(), OpenedClaims: Type.Integer() }) }),
});

describe.skipIf(chromiumPath === undefined)(`a change in the data${withoutBrowser}`, () => {
  const folder = temporaryFolders()();
  const on = stage({ DEMO_DIR: folder, EMIT_INTERVAL_MS: '250' });
  const databases: Database[] = [];
  afterAll(() => {
    for (const database of databases) database.close();
  });

  test(
    `is on the page within a second of its emission, is tinted, and says since when it differs${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      await opened.show('claims');
      const client = await connectHub(on.server.url, 'claims');
      const before = Value.Parse(Claims, await client.nextOf('Snapshot')).data.summary;
      const database = new Database(`${folder}/greg.sqlite`);
      databases.push(database);
      const delays: number[] = [];
      // On a busy machine a single one may come late.
      while (delays.length < MOST_CHANGES && delays.every((delay) => delay >= SHOWN_WITHIN_MS)) {
        const change = delays.length + 1;
        const wanted = before.TotalClaims + change;
        const shown = opened.probe(Type.Number(), `shownAt('claims.summary.TotalClaims', '${wanted}')`);
        database.run(
          `insert into Claims (Id, MpClaimId, Type, Status, DataCreated) values (?, 5000900001, 'Change', 0, ?)`,
          [900_000 + change, new Date().toISOString()],
        );
        const emission = await client.nextOf('Snapshot', { reason: 'Auto' });
        const emittedAt = Date.now();
        expect(Value.Parse(Claims, emission).data.summary.TotalClaims).toBe(wanted);
        delays.push((await shown) - emittedAt);
      }
      expect(Math.min(...delays)).toBeLessThan(SHOWN_WITHIN_MS);
      const { page } = opened;
      const headline = page
        .locator('.tile')
        .filter({ has: page.locator('[data-figure="claims.summary.OpenedClaims"]') });
      await headline.locator('.figure-changed').waitFor();
      await headline.locator('.chip').getByText(`+${delays.length}`).waitFor();
      await headline
        .locator('.chip')
        .getByText(/desde \d\d:\d\d/)
        .waitFor();
      await client.close();
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `is pushed as a notification: a toast, then unread in the drawer until it is read, also over a reload${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      const { page } = opened;
      await opened.show('financial');
      // What comes at once is history, and no toast.
      await opened.probe(Type.Undefined(), 'elapsed(2500)');
      const database = new Database(`${folder}/greg.sqlite`);
      databases.push(database);
      database.run(
        `insert into Chargebacks (Id, ChargebackId, PaymentId, Status, Amount, CreatedAt) values (900001, 900001, 1, 0, 12.5, ?)`,
        [new Date().toISOString()],
      );
      await page.locator('.toast').getByText('Novo chargeback').waitFor();
      await page.getByRole('button', { name: /Abrir notificações, 1 não lida/ }).click();
      await page.locator('.drawer li.unread').getByText('Novo chargeback').waitFor();
      await page.getByRole('button', { name: 'Marcar todas como lidas' }).click();
      await page.locator('.drawer li.unread').waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      await page.reload();
      await page.getByRole('button', { name: 'Abrir notificações', exact: true }).waitFor();
      await opened.close();
    },
    SLOW_MS,
  );
});
