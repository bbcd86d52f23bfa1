import { describe, expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { pt } from '../../src/web/words/pt.ts';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { type Visit, visit } from './visit.ts';

const Days = Type.Object({
  data: Type.Object({
    revenueByDay: Type.Array(Type.Object({ Date: Type.String(), Amount: Type.Number(), Count: Type.Integer() })),
  }),
});
const Users = Type.Object({
  data: Type.Object({
    list: Type.Array(Type.Object({ Name: Type.Union([Type.String(), Type.Null()]), Email: Type.Unknown() })),
  }),
});
const Values = Type.Array(Type.String());

describe.skipIf(chromiumPath === undefined)(`tables, keyboard and paper${withoutBrowser}`, () => {
  const on = stage();
  const read = async (path: string): Promise<unknown> => (await fetch(`${on.server.url}${path}`)).json();
  const daysOf = async () => Value.Parse(Days, await read('/api/financial')).data.revenueByDay;

  /** The table of the revenue by day, and what its amounts are, as they stand. */
  const revenueTable = ({ page, probe }: Visit) => {
    const table = page.locator('.table').filter({ has: page.locator('[data-figure^="financial.revenueByDay."]') });
    const amounts = async () => (await probe(Values, `valuesOf('financial.revenueByDay.', '.Amount')`)).map(Number);
    return { table, amounts };
  };

  test(
    `sort on raw values, either way, over all pages${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      await opened.show('financial');
      const { table, amounts } = revenueTable(opened);
      const days = await daysOf();
      const sorted = days.map(({ Amount }) => Amount).sort((left, right) => right - left);
      const head = table.locator('thead th').nth(1);
      await head.getByRole('button').click();
      await table.locator('th[aria-sort="descending"]').waitFor();
      expect(await amounts()).toEqual(sorted.slice(0, 25));
      await table.getByRole('button', { name: pt.table.next }).click();
      await table.locator('.pager').getByText(`26–50 de ${days.length}`).waitFor();
      expect(await amounts()).toEqual(sorted.slice(25, 50));
      await head.getByRole('button').click();
      await table.locator('th[aria-sort="ascending"]').waitFor();
      await table.getByRole('button', { name: pt.table.previous }).click();
      expect(await amounts()).toEqual(sorted.toReversed().slice(0, 25));
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `filter without accents and letter case, and say when nothing is found${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      const { page } = opened;
      await opened.show('users');
      const { list } = Value.Parse(Users, await read('/api/users')).data;
      const [first] = list.flatMap(({ Name }) => (Name === null ? [] : [Name]));
      if (first === undefined) throw new Error('No user has a name');
      const plain = (text: string) =>
        text
          .normalize('NFD')
          .replace(/\p{Diacritic}/gu, '')
          .toLowerCase();
      await page.getByRole('searchbox').fill(` ${plain(first).toUpperCase()} `);
      await page.locator('tbody tr').getByText(first, { exact: true }).first().waitFor();
      for (const row of await page.locator('.table tbody tr').allTextContents())
        expect(plain(row)).toContain(plain(first));
      await page.getByRole('searchbox').fill('no such user');
      await page.getByText(pt.table.nothingFor('no such user')).waitFor();
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `hide names and e-mails, on the screen and in the file${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      const { page } = opened;
      await opened.show('users');
      await page.locator('.table').getByRole('button', { name: pt.mask }).click();
      await page.locator('tbody').getByText('•••').first().waitFor();
      const text = await savedBy(opened, () =>
        page.locator('.table').getByRole('button', { name: pt.table.saveCsv }).click(),
      );
      const { list } = Value.Parse(Users, await read('/api/users')).data;
      const shown = await page.locator('.table tbody').textContent();
      const emails = list.flatMap(({ Email }) => (typeof Email === 'string' && Email.length > 8 ? [Email] : []));
      expect(emails.length).toBeGreaterThan(10);
      for (const email of emails) {
        expect(shown).not.toContain(email);
        expect(text).not.toContain(email);
      }
      await opened.close();
    },
    SLOW_MS,
  );

  const savedBy = async ({ page }: Visit, press: () => Promise<void>): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), press()]);
    expect(download.suggestedFilename()).toMatch(/^[a-z-]+\.csv$/);
    return await readFile(await download.path(), 'utf8');
  };

  test.each([
    ['pt-BR', ';', ','],
    ['en-US', ',', '.'],
  ] as const)(
    `are saved as they are filtered and sorted, for the spreadsheets of %s${withoutBrowser}`,
    async (language, separator, point) => {
      const opened = await visit(on.browser, on.server.url, { language });
      await opened.show('financial');
      const { table } = revenueTable(opened);
      await table.locator('thead th').nth(1).getByRole('button').click();
      const text = await savedBy(opened, () => table.getByRole('button', { name: /CSV/ }).click());
      const [head = '', ...rows] = text
        .replace(/^\ufeff/, '')
        .trimEnd()
        .split('\r\n');
      expect(text.startsWith('\ufeff')).toBe(true);
      expect(head.split(separator)).toEqual(await table.locator('thead th').allTextContents());
      const days = (await daysOf()).toSorted((left, right) => right.Amount - left.Amount);
      const amounts = days.map(({ Amount }) => String(Amount).replace('.', point));
      expect(rows.map((row) => row.split(separator)[1])).toEqual(amounts);
      expect(rows.map((row) => row.split(separator)[0]).toSorted()).toEqual(
        days.map(({ Date: day }) => day).toSorted(),
      );
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `the keyboard reaches everything, and what has the focus is seen${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      const { page, probe } = opened;
      await opened.show('claims');
      const focused = () => probe(Type.Object({ name: Type.String(), isSeen: Type.Boolean() }), 'focused()');
      await page.reload();
      await opened.show('claims');
      await page.keyboard.press('Tab');
      expect((await focused()).name).toBe(pt.skipToContent);
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
      expect(page.url()).toContain('#');
      const missed = new Set(await probe(Values, 'controls()'));
      expect(missed.size).toBeGreaterThan(20);
      await page.reload();
      await opened.show('claims');
      for (let step = missed.size * 2; step > 0 && missed.size > 0; step--) {
        await page.keyboard.press('Tab');
        const { name, isSeen } = await focused();
        expect(`${name} ${isSeen}`).toBe(`${name} true`);
        missed.delete(name);
      }
      expect([...missed]).toEqual([]);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `arrow keys step through a chart, and say each value with every digit${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      const { page } = opened;
      await opened.show('overview');
      const chart = page.locator('.revenue-card').getByRole('slider');
      await chart.focus();
      const days = (await daysOf()).map(({ Amount }) => Amount);
      const spoken = () => chart.getAttribute('aria-valuetext');
      for (const [key, index] of [
        ['ArrowLeft', days.length - 1],
        ['ArrowLeft', days.length - 2],
        ['Home', 0],
        ['End', days.length - 1],
      ] as const) {
        await page.keyboard.press(key);
        const amount = await opened.probe(Type.String(), `written('pt-BR', ${days[index]}, 'BRL', true)`);
        expect(await spoken()).toContain(amount);
      }
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `on paper tables are whole, and controls are gone${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      const { page } = opened;
      await opened.show('financial');
      const { table } = revenueTable(opened);
      const days = await daysOf();
      expect(await table.locator('tbody tr').count()).toBe(25);
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
      await table
        .locator('tbody tr')
        .nth(days.length - 1)
        .waitFor();
      // A head that sorts is the name of its column too.
      const controls = page.locator('button:not(.table-sort):visible, input:visible, select:visible, nav:visible');
      expect(await controls.allTextContents()).toEqual([]);
      const pdf = await page.pdf({ format: 'A4' });
      const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
      expect(pages.length).toBeGreaterThan(2);
      await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
      await page.emulateMedia({ media: null });
      expect(await table.locator('tbody tr').count()).toBe(25);
      await opened.close();
    },
    SLOW_MS,
  );

  test(
    `nothing moves for those who asked for less motion${withoutBrowser}`,
    async () => {
      const still = await visit(on.browser, on.server.url, { reducedMotion: true });
      await still.show('overview');
      expect(await still.probe(Values, 'moving()')).toEqual([]);
      await still.close();
      const lively = await visit(on.browser, on.server.url);
      await lively.show('overview');
      expect((await lively.probe(Values, 'moving()')).length).toBeGreaterThan(0);
      await lively.close();
    },
    SLOW_MS,
  );
});
