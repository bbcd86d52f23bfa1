import { describe, expect, test } from 'bun:test';
import { RefusedError } from '../../../src/core/outlets/outlet-errors.ts';
import { textOf } from '../../support/notion/workspace.ts';
import { companySnapshots, figuresIn, snapshotWith } from './company-snapshots.ts';
import {
  changeClaims,
  createTestMemory,
  errorOf,
  expectUpToDate,
  KEY,
  LONGEST_REASON,
  SETTINGS,
  testedOutlet,
  upToDate,
} from './passes.ts';

describe('the database of figures', () => {
  test('is made under the page with a page for each figure of the snapshots', async () => {
    const tested = await upToDate();
    expectUpToDate(tested);
    const [database, ...others] = tested.server.workspace.databases;
    expect(others).toEqual([]);
    expect(database).toMatchObject({
      title: 'Greg BI',
      types: { Key: 'title', Feature: 'select', Figure: 'rich_text', Value: 'number', Unit: 'select', At: 'date' },
    });
    expect(tested.server.calls.find(({ name }) => name === 'POST /v1/databases')?.body).toMatchObject({
      parent: { type: 'page_id', page_id: SETTINGS.pageId },
    });
    // One request a page, and three to find out that there is none yet.
    expect(tested.server.calls).toHaveLength(figuresIn(tested.snapshots).size + 3);
  });

  test('shows every property of a figure', async () => {
    const { server } = await upToDate();
    const { properties } = server.workspace.pageOf(KEY);
    expect(textOf(properties.Figure?.rich_text)).toBe('Taxa de reclamações ganhas');
    expect(properties).toMatchObject({
      Feature: { type: 'select', select: { name: 'claims' } },
      Unit: { type: 'select', select: { name: 'percent' } },
      At: { type: 'date', date: { start: '2026-03-15T12:01:00.000Z' } },
    });
  });

  test('is asked nothing while no figure changes, not after a restart either', async () => {
    const tested = await upToDate();
    tested.snapshots = new Map(
      [...tested.snapshots].map(([name, { data }]) => [name, snapshotWith(name, 9, structuredClone(data))]),
    );
    expect(await tested.pass()).toEqual([]);
    tested.memory = createTestMemory(tested.memory.onDisk);
    expect(await tested.pass()).toEqual([]);
  });

  test('is written only where a figure changed, with the instant of the change', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: 12.34, TotalClaims: 7 });
    const calls = await tested.pass();
    expect(calls.filter((name) => !name.startsWith('GET'))).toHaveLength(2);
    expect(calls).toContain(`PATCH /v1/pages/${tested.server.workspace.pageOf(KEY).id}`);
    expectUpToDate(tested);
    const at = (key: string) => tested.server.workspace.pageOf(key).properties.At?.date;
    expect(at(KEY)).toEqual({ start: '2026-03-15T12:02:00.000Z' });
    expect(at('claims.summary.OpenedClaims')).toEqual({ start: '2026-03-15T12:01:00.000Z' });
  });

  test('has an empty number for a figure that is null', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: null });
    await tested.pass();
    expect(tested.server.workspace.pageOf(KEY).properties.Value).toMatchObject({ number: null });
    changeClaims(tested, { WinRate: 0 }, 3);
    await tested.pass();
    expectUpToDate(tested);
  });

  test('gets the figures of a feature when it has its first snapshot', async () => {
    const tested = testedOutlet();
    const all = tested.snapshots;
    tested.snapshots = new Map();
    expect(await tested.pass()).toEqual([]);
    tested.snapshots = new Map([...all].filter(([name]) => name === 'users'));
    await tested.pass();
    expectUpToDate(tested);
    tested.snapshots = all;
    await tested.pass();
    expectUpToDate(tested);
  });

  test.each([1, 2, 3, 4, 5])('shows the DTOs, whatever their figures are (%d)', async (number) => {
    const tested = testedOutlet();
    for (const each of [number, number + 100, number + 200]) {
      tested.snapshots = companySnapshots(each);
      await tested.pass();
      expectUpToDate(tested);
    }
    expect(tested.server.workspace.blocksMade).toBe(figuresIn(tested.snapshots).size + 1);
  });

  test('is found again when the memory is lost: nothing is made or written twice', async () => {
    const tested = await upToDate();
    const { blocksMade } = tested.server.workspace;
    tested.memory = createTestMemory();
    const calls = await tested.pass();
    expect(calls.filter((name) => !name.startsWith('GET'))).toEqual([expect.stringMatching(/^POST .*query$/)]);
    expect(tested.server.workspace.blocksMade).toBe(blocksMade);
    changeClaims(tested, { WinRate: 1 });
    await tested.pass();
    expectUpToDate(tested);
  });

  test('is read in pages of a hundred, with what people added in it', async () => {
    const tested = await upToDate();
    const { workspace } = tested.server;
    for (let count = 0; count < 250; count++) workspace.addPage(workspace.databases[0]?.dataSource ?? '', {});
    const { blocksMade } = workspace;
    tested.memory = createTestMemory();
    const queries = (await tested.pass()).filter((name) => name.endsWith('/query'));
    expect(queries).toHaveLength(Math.ceil((250 + figuresIn(tested.snapshots).size) / 100));
    expect(workspace.blocksMade).toBe(blocksMade);
  });

  test('that has more pages than Notion lists is refused, with what to do', async () => {
    const tested = testedOutlet({ queryLimit: 50 });
    await tested.pass();
    tested.memory = createTestMemory();
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error).length).toBeLessThan(LONGEST_REASON);
    expect(error).toHaveProperty('message', expect.stringMatching(/more than 10,000 pages.*delete the pages/));
  });

  test('is another target on another page, so that what was sent to one is not counted as sent to the other', () => {
    const pageId = '11111111-2222-4333-8444-555555555555';
    expect(testedOutlet({}, { ...SETTINGS, pageId }).outlet.target).not.toBe(testedOutlet().outlet.target);
  });
});

test('a pass is due an interval after the last, and keeps to three requests a second', () => {
  const { outlet } = testedOutlet();
  expect(outlet.nextPass(1_000)).toBe(901_000);
  expect(outlet.budget).toMatchObject({ rate: { requests: 3, withinMs: 1_000 }, perMonth: null });
});
