import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { SLOW_MS, stage } from './stage.ts';
import { visit } from './visit.ts';

describe.skipIf(chromiumPath === undefined)(`what a browser knows by itself${withoutBrowser}`, () => {
  const folder = temporaryFolders()();
  const on = stage({ DEMO_DIR: folder, EMIT_INTERVAL_MS: '250' });

  /** A notification that happened now. */
  const addChargeback = (id: number) => {
    const database = new Database(`${folder}/greg.sqlite`);
    database.run(
      'insert into Chargebacks (Id, ChargebackId, PaymentId, Status, Amount, CreatedAt) values (?1, ?1, 1, 0, 12.5, ?2)',
      [id, new Date().toISOString()],
    );
    database.close();
  };

  test(
    `a clock that is three hours slow makes no figure old${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url, {
        prepare: (page) => page.clock.install({ time: Date.now() - 3 * 3_600_000 }),
      });
      const { page } = opened;
      await opened.show('claims');
      // Wrong by hours, an age would be 0 s for ever.
      await page
        .locator('.top-bar')
        .getByText(/Ao vivo · há (?:[1-9]|\d\d)\ss/)
        .waitFor();
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `what happened before the first visit is read, and what one tab has read is read in the others${withoutBrowser}`,
    async () => {
      addChargeback(900_001);
      const waiting = await visit(on.browser, on.server.url);
      await waiting.show('financial');
      await waiting.probe(Type.Undefined(), 'elapsed(2500)');
      await waiting.close();

      const opened = await visit(on.browser, on.server.url);
      const { page } = opened;
      await opened.show('financial');
      await page.getByRole('button', { name: 'Abrir notificações', exact: true }).click();
      await page.locator('.drawer li').getByText('Novo chargeback').waitFor();
      expect(await page.locator('.drawer li.unread').count()).toBe(0);
      await page.keyboard.press('Escape');

      const other = await opened.context.newPage();
      await other.goto(`${on.server.url}/#/financial`);
      await other.getByRole('button', { name: 'Abrir notificações', exact: true }).waitFor();
      await opened.probe(Type.Undefined(), 'elapsed(2500)');
      addChargeback(900_002);
      await other.getByRole('button', { name: /1 não lida/ }).click();
      await page.getByRole('button', { name: /1 não lida/ }).waitFor();
      await other.getByRole('button', { name: 'Marcar todas como lidas' }).click();
      await page.getByRole('button', { name: 'Abrir notificações', exact: true }).waitFor();
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `no text of a wall of 1080 lines is smaller than 24 px${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url, {
        query: '?wall=1&views=subscriptions',
        width: 1920,
        height: 1080,
      });
      const { page } = opened;
      await page.locator('.wall-figure [data-figure]').first().waitFor();
      expect(await opened.probe(Type.Array(Type.String()), 'smallTexts(24)')).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );
});
