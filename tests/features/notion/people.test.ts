import { describe, expect, test } from 'bun:test';
import { RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import { changeClaims, createTestMemory, errorOf, expectUpToDate, KEY, LONGEST_REASON, upToDate } from './passes.ts';

describe('what people do', () => {
  test.each(['trashPage', 'deletePage'] as const)('%s: the page is made again when its figure changes', async (act) => {
    const tested = await upToDate();
    tested.server.workspace[act](KEY);
    changeClaims(tested, { WinRate: 1.5 });
    await tested.pass();
    expectUpToDate(tested);
    expect(await tested.pass()).toEqual([]);
  });

  test('a page in the trash is made again once, even if the answer is lost', async () => {
    const tested = await upToDate();
    const { blocksMade } = tested.server.workspace;
    tested.server.workspace.trashPage(KEY);
    changeClaims(tested, { WinRate: 1.5 });
    tested.server.setFault(({ name }) => (name === 'POST /v1/pages' ? 'lost answer' : undefined));
    expect(await errorOf(tested.pass())).toBeInstanceOf(TypeError);
    tested.server.setFault(() => undefined);
    tested.memory = createTestMemory(tested.memory.onDisk);
    await tested.pass();
    expectUpToDate(tested);
    expect(tested.server.workspace.blocksMade).toBe(blocksMade + 1);
  });

  test('pages in the trash are made again at once when someone asks for it', async () => {
    const tested = await upToDate();
    tested.server.workspace.trashPage(KEY);
    expect(await tested.pass()).toEqual([]);
    await tested.pass({ isRequested: true });
    expectUpToDate(tested);
  });

  test('values that were edited are written again when someone asks for it', async () => {
    const tested = await upToDate();
    Object.assign(tested.server.workspace.pageOf(KEY).properties, { Value: { id: 'v', type: 'number', number: 666 } });
    const calls = await tested.pass({ isRequested: true });
    expect(calls.filter((name) => name.startsWith('PATCH'))).toHaveLength(1);
    expectUpToDate(tested);
  });

  test('values that were edited while someone waits are reported, and written by the next attempt', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: 1.5, TotalClaims: 15 });
    let queries = 0;
    tested.server.setFault(({ name }) => {
      if (!name.endsWith('/query') || ++queries !== 2) return undefined;
      Object.assign(tested.server.workspace.pageOf(KEY).properties, {
        Value: { id: 'v', type: 'number', number: 666 },
      });
      return undefined;
    });
    const error = await errorOf(tested.pass({ isRequested: true }));
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(error).toHaveProperty('message', `The database Greg BI at Notion does not show what was sent: ${KEY}`);
    await tested.pass({ isRequested: true });
    expectUpToDate(tested);
  });

  test.each(['trashDatabase', 'deleteDatabase'] as const)('%s: it is made again, once', async (act) => {
    const tested = await upToDate();
    tested.server.workspace[act]();
    expect(await tested.pass()).toEqual([]);
    changeClaims(tested, { WinRate: 2.5 });
    await tested.pass();
    expectUpToDate(tested);
    expect(await tested.pass()).toEqual([]);
    expect(tested.server.calls.filter(({ name }) => name === 'POST /v1/databases')).toHaveLength(2);
  });

  test.each([
    ['Value', { name: 'Valor' }, 'property "Value" of type number is missing or renamed'],
    ['Key', { name: 'Chave' }, 'property "Key" of type title is missing or renamed'],
    ['Unit', { type: 'rich_text' }, 'property "Unit" has type rich_text and must have select'],
    ['At', { type: 'checkbox' }, 'property "At" has type checkbox and must have date'],
  ] as const)('property %s changed to %p: refused, naming it and its type', async (name, change, message) => {
    const tested = await upToDate();
    tested.server.workspace.changeProperty(name, change);
    changeClaims(tested, { WinRate: 3.5 });
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toHaveProperty('message', expect.stringContaining(message));
    expect(error).toHaveProperty('message', expect.stringContaining('undo that'));
    tested.memory = createTestMemory();
    expect(await errorOf(tested.pass())).toHaveProperty('message', expect.stringContaining(message));
  });

  test('many changed properties leave room for what to do', async () => {
    const tested = await upToDate();
    for (const name of ['Feature', 'Figure', 'Value', 'Unit', 'At']) {
      tested.server.workspace.changeProperty(name, { type: 'checkbox' });
    }
    changeClaims(tested, { WinRate: 3.5 });
    const error = await errorOf(tested.pass());
    expect(error).toHaveProperty('message', expect.stringMatching(/"Feature".*"Figure".*, and 3 more; undo that/));
    expect(String(error).length).toBeLessThan(LONGEST_REASON);
  });

  test('a property that is renamed during a pass is refused, naming it', async () => {
    const tested = await upToDate();
    changeClaims(tested, { WinRate: 3.5 });
    tested.server.setFault(({ name }) => {
      if (name.startsWith('PATCH') && 'Value' in (tested.server.workspace.databases[0]?.types ?? {})) {
        tested.server.workspace.changeProperty('Value', { name: 'Valor' });
      }
      return undefined;
    });
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('property "Value" of type number is missing or renamed'),
    );
  });

  test.each(['trashDatabase', 'deleteDatabase'] as const)(
    '%s during a pass: the next one makes it again',
    async (act) => {
      for (const during of ['PATCH', 'POST /v1/pages']) {
        const tested = await upToDate();
        const { workspace } = tested.server;
        if (during !== 'PATCH') workspace.trashPage(KEY);
        changeClaims(tested, { WinRate: 4.5 });
        tested.server.setFault(({ name }) => {
          if (name.startsWith(during) && workspace.livePages().length > 0) workspace[act]();
          return undefined;
        });
        const error = await errorOf(tested.pass());
        expect(error).toBeInstanceOf(RetryLaterError);
        expect(error).toHaveProperty(
          'message',
          'The database Greg BI at Notion was deleted while figures were written',
        );
        tested.server.setFault(() => undefined);
        await tested.pass();
        expectUpToDate(tested);
      }
    },
  );

  test('a page that is no longer shared is refused, and goes on once it is shared', async () => {
    const tested = await upToDate();
    tested.server.workspace.isShared = false;
    changeClaims(tested, { WinRate: 4.5 });
    const error = await errorOf(tested.pass());
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/404 object_not_found.*share the page.*NOTION_PAGE_ID/),
    );
    tested.server.workspace.isShared = true;
    await tested.pass();
    expectUpToDate(tested);
    expect(tested.server.workspace.databases).toHaveLength(1);
  });

  test('a copy of a page is left alone, and the oldest is kept up to date', async () => {
    const tested = await upToDate();
    const { workspace } = tested.server;
    const original = workspace.pageOf(KEY);
    const copy = workspace.addPage(original.dataSource, { ...original.properties });
    tested.memory = createTestMemory();
    changeClaims(tested, { WinRate: 5.5 });
    await tested.pass();
    expect(original.properties.Value).toMatchObject({ number: 5.5 });
    expect(copy.properties.Value).not.toMatchObject({ number: 5.5 });
  });
});
