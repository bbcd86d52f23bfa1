import { describe, expect, test } from 'bun:test';
import { BudgetSpentError, RefusedError, RetryLaterError } from '../../../src/core/outlets/outlet-errors.ts';
import type { RowsSettings } from '../../../src/features/rows/settings.ts';
import { createRowsService, ROWS_KEY, type RowsFault, type RowsServiceOptions } from '../../support/rows-service.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';
import { item, itemsSnapshot, listed, shownItems } from './listed-feature.ts';
import { type RowsDriver, rowsDriver } from './rows-driver.ts';

const features = [listed];
const [ANA, BIA, CAIO] = [item('Ana'), item('Bia', 2), item('Caio', 3)];

function driverOf(options: RowsServiceOptions & { readonly settings?: Partial<RowsSettings> } = {}): RowsDriver {
  return rowsDriver({ features, ...options });
}

/** A driver whose requests fail as the test says, with everything delivered. */
async function delivered(options: RowsServiceOptions = {}, items = [ANA, BIA, CAIO]) {
  let fault: RowsServiceOptions['fault'];
  const driver = driverOf({ ...options, fault: (request) => fault?.(request) });
  await driver.deliver([itemsSnapshot(items)]);
  return {
    ...driver,
    failWith(next: RowsServiceOptions['fault']) {
      fault = next;
    },
  };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => item(`Item ${index}`, index));
const cellsOf = ({ service }: Pick<RowsDriver, 'service'>, name = 'Items') => service.workspace.cells(name);

describe('a change', () => {
  test('of one row writes that row, and reads it back', async () => {
    const { deliver, sent, ...driver } = await delivered();
    await deliver([itemsSnapshot([ANA, item('Bia', 7), CAIO])]);
    expect(sent()).toEqual(['POST /tables/table-3/cells/A3:C3', 'GET /tables/table-3/values/A3:C3']);
    expect(cellsOf(driver)).toEqual(shownItems([ANA, item('Bia', 7), CAIO]));
  });

  test('of rows apart writes what is in between too: requests are scarce, cells are not', async () => {
    const { deliver, sent } = await delivered({}, many(100));
    const items = many(100).map((each, index) => (index % 90 === 5 ? item('changed') : each));
    await deliver([itemsSnapshot(items)]);
    expect(sent()).toEqual(['POST /tables/table-3/cells/A7:C97', 'GET /tables/table-3/values/A7:C97']);
  });

  test('that shortens a list empties the rows left over', async () => {
    const { deliver, sent, ...driver } = await delivered();
    await deliver([itemsSnapshot([ANA])]);
    expect(cellsOf(driver)).toEqual(shownItems([ANA]));
    expect(sent()).toContain('POST /tables/table-3/cells/A3:C4');
    await deliver([itemsSnapshot([ANA])]);
    expect(sent()).toEqual([]);
  });

  test('of a headline moves its instant, and no other', async () => {
    const { deliver, ...driver } = await delivered();
    const [, before] = cellsOf(driver, 'Dashboard') ?? [];
    expect(before).toEqual(['Itens', 'Itens', '3', 'quantidade', '31/03/2026 09:00']);
    const later = { generatedAt: Date.UTC(2026, 3, 1, 2, 59, 59) };
    await deliver([{ ...itemsSnapshot([item('Zoe'), BIA, CAIO]), ...later }]);
    expect(cellsOf(driver, 'Dashboard')?.[1]).toEqual(before ?? []);
    await deliver([{ ...itemsSnapshot([ANA]), ...later }]);
    expect(cellsOf(driver, 'Dashboard')?.[1]).toEqual(['Itens', 'Itens', '1', 'quantidade', '31/03/2026 23:59']);
  });

  test('after a restart is compared with what was sent before it', async () => {
    const { memory, service, clock } = await delivered();
    const { deliver, sent } = rowsDriver({ features, memory: new Map(memory), service, clock });
    await deliver([itemsSnapshot([ANA, BIA, CAIO])]);
    expect(sent()).toEqual([]);
    await deliver([itemsSnapshot([ANA, BIA, ANA])]);
    expect(sent()).toHaveLength(2);
  });

  test('of nothing but a lost snapshot keeps the headline', async () => {
    const { deliver, sent } = await delivered();
    await deliver([]);
    expect(sent()).toEqual([]);
  });
});

describe('a large list', () => {
  test('is written in requests of at most 10,000 cells', async () => {
    const items = many(7_000);
    const { service, sent } = await delivered({}, items);
    expect(service.violations).toEqual([]);
    expect(cellsOf({ service })).toEqual(shownItems(items));
    const writes = sent().filter((request) => request.startsWith('POST /tables/table-3'));
    expect(writes.map((request) => request.split('/').at(-1))).toEqual(['A1:C3333', 'A3334:C6666', 'A6667:C7001']);
  });

  test('is split where a request is too large, down to what is accepted', async () => {
    const items = many(40);
    const { service, sent } = await delivered({ mostCells: 16 }, items);
    expect(cellsOf({ service })).toEqual(shownItems(items));
    const [, , , , ...writes] = sent().filter((request) => request.startsWith('POST /tables/'));
    const rows = writes.map((request) => {
      const [first = 0, last = 0] = request.match(/\d+(?=:|$)/g)?.map(Number) ?? [];
      return last - first + 1;
    });
    expect(Math.max(...rows.slice(3))).toBeLessThanOrEqual(6);
  });

  test('with a row that is too large by itself is refused', async () => {
    const driver = driverOf({ mostCells: 2 });
    const error = await driver.deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain('Dashboard!A1:E1 (413: Payload too large): a single row is too large');
  });
});

describe('tables', () => {
  test('are found by name on any page, and what they held before is overwritten or emptied', async () => {
    const driver = driverOf();
    const old = Array.from({ length: 30 }, (_, row) => ['old', `${row}`, 'x', 'ours not']);
    const id = driver.service.workspace.addTable('Items', old);
    await driver.deliver([itemsSnapshot([ANA])]);
    expect(driver.service.workspace.tableNames).toEqual(['Items', 'Dashboard']);
    expect(driver.sent()).toContain(`POST /tables/${id}/cells/A1:C30`);
    const cells = cellsOf(driver) ?? [];
    expect(cells.map((row) => row.slice(0, 3).filter((cell) => cell !== '')).filter((row) => row.length > 0)).toEqual(
      shownItems([ANA]),
    );
    // A column that is not ours.
    expect(cells.every((row) => row[3] === 'ours not')).toBe(true);
  });

  test('are filled where a range below their end cannot be read', async () => {
    const fault = ({ path }: { readonly path: string }) => (path.endsWith('3333') ? { answer: 400 } : undefined);
    const driver = driverOf({ fault });
    driver.service.workspace.addTable('Items', [['Old']]);
    await driver.deliver([itemsSnapshot([ANA])]);
    expect(cellsOf(driver)).toEqual(shownItems([ANA]));
  });

  test('on the page Greg BI come first', async () => {
    const { service, memory, clock } = await delivered();
    service.workspace.addTable('Items', [['of somebody else']]);
    memory.clear();
    const driver = rowsDriver({ features, memory, service, clock });
    await driver.deliver([itemsSnapshot([ANA, BIA, CAIO])]);
    // They hold everything already.
    expect(driver.sent()).toEqual([
      'GET ',
      'GET /tables/table-2/values/A1:E2000',
      'GET /tables/table-3/values/A1:C3333',
    ]);
  });

  test('that were deleted are made again, with everything', async () => {
    const { deliver, service, ...driver } = await delivered();
    service.workspace.deleteTable('Items');
    await deliver([itemsSnapshot([ANA, BIA, ANA])]);
    expect(cellsOf({ service })).toEqual(shownItems([ANA, BIA, ANA]));
    expect(service.workspace.pageNames).toEqual(['Page1', 'Greg BI']);
    await deliver([itemsSnapshot([ANA, BIA, ANA])]);
    expect(driver.sent()).toEqual([]);
  });

  test.each(['/pages', '/pages/page-1/tables'])('are made once, also when the answer to %s is lost', async (path) => {
    let isLost = false;
    const fault = (request: { readonly method: string; readonly path: string }): RowsFault | undefined => {
      if (isLost || request.method !== 'POST' || request.path !== path) return undefined;
      isLost = true;
      return { answer: 503, isDone: true };
    };
    const { deliver, service } = driverOf({ fault });
    await deliver([itemsSnapshot([ANA])]).catch(() => {});
    expect(isLost).toBe(true);
    await deliver([itemsSnapshot([ANA])]);
    expect(service.workspace.pageNames).toEqual(['Page1', 'Greg BI']);
    expect(service.workspace.tableNames.toSorted()).toEqual(['Dashboard', 'Items']);
    expect(cellsOf({ service })).toEqual(shownItems([ANA]));
  });

  test('that are missing again at once are refused', async () => {
    const { deliver, failWith } = await delivered();
    failWith(({ path }) => (path.includes('/cells/') ? { answer: 404 } : undefined));
    const error = await deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain('there is no such table');
  });

  test('of Dashboard may be given, and is never made', async () => {
    const service = createRowsService();
    const id = service.workspace.addTable('Sales');
    const given = rowsDriver({ features, service, settings: { dashboardTable: id } });
    await given.deliver([itemsSnapshot([ANA])]);
    expect(service.workspace.tableNames).toEqual(['Sales', 'Items']);
    expect(cellsOf({ service }, 'Sales')?.[1]).toEqual(['Itens', 'Itens', '1', 'quantidade', '31/03/2026 09:00']);
    service.workspace.deleteTable('Sales');
    const error = await given.deliver([itemsSnapshot([])]).catch((thrown: unknown) => thrown);
    // The other sheets are filled all the same, also by later passes, which a refusal would end.
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(String(error)).toContain('if ROWS_TABLE_ID names it');
    expect(service.workspace.tableNames).toEqual(['Items']);
    expect(cellsOf({ service })).toEqual([['Nome', 'Quantia', 'Em']]);
  });
});

describe('cells that are accepted', () => {
  test('are read back until they are written', async () => {
    const { deliver, service, sent } = await delivered({ writtenAfterMs: () => 5_000 });
    await deliver([itemsSnapshot([ANA, BIA, BIA])]);
    expect(sent()).toHaveLength(4);
    expect(cellsOf({ service })).toEqual(shownItems([ANA, BIA, BIA]));
  });

  test('and never written are named', async () => {
    let writtenAfterMs = 0;
    const { deliver, sent } = await delivered({ writtenAfterMs: () => writtenAfterMs });
    writtenAfterMs = 86_400_000;
    const error = await deliver([itemsSnapshot([ANA, item('Bia', 5), CAIO])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(String(error)).toContain('accepted Items!A3:C3, but its cell B3 still holds something else');
    expect(sent()).toHaveLength(5);
  });

  test('without an answer may be written after the table was read, and are overwritten', async () => {
    const { deliver, service, clock, failWith } = await delivered({ writtenAfterMs: () => 5_000 });
    failWith(({ method }) => (method === 'POST' ? { answer: 408, isDone: true } : undefined));
    await deliver([itemsSnapshot([ANA, item('Bia', 5), CAIO])]).catch(() => {});
    failWith(() => undefined);
    await deliver([itemsSnapshot([ANA, BIA, CAIO])], { isRequested: true });
    await clock.advance(10_000);
    expect(cellsOf({ service })).toEqual(shownItems([ANA, BIA, CAIO]));
  });

  test('and changed by hand are written again when somebody asks for it', async () => {
    const { deliver, service, sent } = await delivered();
    service.workspace.overwrite('Items', [['Nome'], ['Ana'], ['by hand']]);
    await deliver([itemsSnapshot([ANA, BIA, CAIO])]);
    expect(sent()).toEqual([]);
    await deliver([itemsSnapshot([ANA, BIA, CAIO])], { isRequested: true, requestedFeatures: new Set(['others']) });
    expect(sent()).toEqual(['GET /tables/table-2/values/A1:E2']);
    await deliver([itemsSnapshot([ANA, BIA, CAIO])], { isRequested: true });
    expect(cellsOf({ service })).toEqual(shownItems([ANA, BIA, CAIO]));
    expect(sent().filter((request) => request.startsWith('POST'))).toEqual(['POST /tables/table-3/cells/A3:C3']);
  });
});

describe('a text', () => {
  test.each([
    ...['=1+1', '+55 11 9999', '-5', '@here', '\tindented', '\rtext', '007', '12345678901234567890', '1e5', '=x'],
    ...['TRUE', 'falso', '10%', 'R$ 1.234,56', '1.234,56', '01/02/2026', '2026-02-01T03:00', '11 99999-0000', '10:30'],
  ])('like %j stays a text', async (name) => {
    const { service } = await delivered({}, [item(name, 1)]);
    expect(cellsOf({ service })?.[1]?.[0]).toBe(name);
  });
});

const REFUSALS: readonly (readonly [number, string])[] = [
  [400, 'Greg BI'],
  [401, 'set ROWS_API_KEY'],
  [403, 'the right to edit the spreadsheet'],
  [302, 'check ROWS_API_URL'],
];

describe('a failure', () => {
  test.each(REFUSALS)('%d is refused, told what to do', async (answer, advice) => {
    const { deliver, failWith } = await delivered();
    failWith(() => ({ answer }));
    const error = await deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain(advice);
    expect(String(error)).toContain(`write Dashboard!A2:E2 (${answer}: Injected ${answer})`);
  });

  test('404 of the spreadsheet is refused, told what to do', async () => {
    const { deliver } = driverOf({ settings: { spreadsheet: 'other' } });
    const error = await deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain('list the tables (404: Spreadsheet not found): check ROWS_SPREADSHEET_ID');
  });

  test.each<RowsFault>([
    ...[408, 500, 503, 529].map((answer) => ({ answer })),
    { answer: 'cut' },
    { answer: 'garbage' },
  ])('%j is tried again later, and the next pass goes on', async (fault) => {
    const { deliver, failWith, service, ...driver } = await delivered();
    failWith(() => fault);
    const error = await deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(RefusedError);
    failWith(undefined);
    await deliver([itemsSnapshot([ANA])]);
    expect(cellsOf({ service })).toEqual(shownItems([ANA]));
    expect(driver.sent().length).toBeGreaterThan(0);
  });

  test.each([
    [{ answer: 429, retryAfter: '120' }, 120_000],
    [{ answer: 429 }, 60_000],
    [{ answer: 503, retryAfter: '3' }, 3_000],
  ] as const)('%j ends the pass, and says how long to wait', async (fault, afterMs) => {
    const { deliver, failWith, sent } = await delivered();
    failWith(() => fault);
    const error = await deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RetryLaterError', afterMs });
    expect(sent()).toHaveLength(1);
  });

  test('of one sheet does not keep the others from being filled', async () => {
    const { deliver, failWith, service } = await delivered();
    failWith(({ path }) => (path.startsWith('/tables/table-2/') ? { answer: 500 } : undefined));
    const error = await deliver([itemsSnapshot([ANA])]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetryLaterError);
    expect(cellsOf({ service })).toEqual(shownItems([ANA]));
  });

  test('of a whole spreadsheet costs one request', async () => {
    const { deliver, failWith, sent } = await delivered();
    failWith(() => ({ answer: 403 }));
    await deliver([itemsSnapshot([ANA])]).catch(() => {});
    expect(sent()).toHaveLength(1);
  });

  test('to have requests left ends the pass', async () => {
    const { deliver, sent } = await delivered();
    const spent = new BudgetSpentError('spent');
    const fetch = () => Promise.reject(spent);
    expect(await deliver([itemsSnapshot([ANA])], { fetch }).catch((thrown: unknown) => thrown)).toBe(spent);
    expect(sent()).toEqual([]);
  });

  test('never shows the key', async () => {
    const clock = createVirtualClock();
    const { deliver } = rowsDriver({ features, clock });
    const fetch = async () => Response.json({ code: 400, message: `Bad key ${ROWS_KEY}` }, { status: 400 });
    const error = await deliver([itemsSnapshot([ANA])], { fetch }).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('Bad key …');
    expect(String(error)).not.toContain(ROWS_KEY);
  });

  test('is not shown when a pass is cancelled while it waits', async () => {
    const abort = new AbortController();
    const { deliver } = await delivered();
    const fetch = async () => {
      abort.abort(new Error('cancelled'));
      return new Response(null, { status: 202 });
    };
    const error = await deliver([itemsSnapshot([ANA])], { fetch, signal: abort.signal }).catch((e: unknown) => e);
    expect(error).toMatchObject({ message: 'cancelled' });
  });
});
