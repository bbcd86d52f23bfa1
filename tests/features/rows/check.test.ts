import { describe, expect, test } from 'bun:test';
import type { OutletFinding } from '../../../src/core/outlets/outlet.ts';
import { RefusedError } from '../../../src/core/outlets/outlet-errors.ts';
import { features } from '../../../src/features/index.ts';
import { createRowsOutlet } from '../../../src/features/rows/index.ts';
import type { RowsSettings } from '../../../src/features/rows/settings.ts';
import { createRowsService, type RowsService } from '../../support/rows-service.ts';
import { rowsSettings } from '../../support/rows-settings.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

interface CheckOptions {
  readonly write?: boolean;
  readonly settings?: Partial<RowsSettings>;
}

const clock = createVirtualClock();

async function check(service: RowsService, { write = false, settings }: CheckOptions = {}) {
  const { check } = createRowsOutlet(rowsSettings(settings), { features, timeZone: 'UTC', clock });
  const fetch = (url: string, init?: RequestInit) => service.handle(new Request(url, init));
  const checked = check?.({ write, fetch }).then(
    (findings) => ({ findings }),
    (error: unknown) => ({ error, findings: [] as readonly OutletFinding[] }),
  );
  await clock.advance(60_000);
  return checked;
}

describe('the doctor', () => {
  test('counts the tables, and does not mind those that are made later', async () => {
    const service = createRowsService({ now: clock.now });
    service.workspace.addTable('Receita');
    service.workspace.addTable('Of somebody else');
    expect((await check(service))?.findings).toEqual([
      { what: 'Rows.com', verdict: 'ok', found: 'accepts the key; 1 of 15 tables are there', next: null },
    ]);
    expect(service.requests).toHaveLength(1);
  });

  test('writes to a cell beside Dashboard that nobody uses', async () => {
    const service = createRowsService({ now: clock.now, writtenAfterMs: () => 3_000 });
    const notes = [['', '', '', '', '', '', 'a note']];
    const id = service.workspace.addTable('Sales', notes);
    const findings = (await check(service, { write: true, settings: { dashboardTable: id } }))?.findings;
    expect(findings?.[1]).toMatchObject({
      verdict: 'ok',
      found: 'Dashboard!G2 was written, read back and emptied',
    });
    expect(service.workspace.cells('Sales')).toEqual(notes);
    expect(service.violations).toEqual([]);
  });

  test('writes nothing where there is no table yet', async () => {
    const service = createRowsService({ now: clock.now });
    expect((await check(service, { write: true }))?.findings[1]).toMatchObject({
      verdict: 'warning',
      next: expect.stringContaining('start the server'),
    });
    expect(service.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  test('finds a table id that the spreadsheet does not have', async () => {
    const findings = (await check(createRowsService({ now: clock.now }), { settings: { dashboardTable: 'gone' } }))
      ?.findings;
    expect(findings).toEqual([
      expect.objectContaining({ verdict: 'broken', next: expect.stringContaining('ROWS_TABLE_ID') }),
    ]);
  });

  test.each([
    [{ key: 'wrong' }, '401: Invalid API key', 'set ROWS_API_KEY'],
    [{ spreadsheet: 'wrong' }, '404: Spreadsheet not found', 'check ROWS_SPREADSHEET_ID'],
  ])('is told what to do about %j', async (settings, answer, advice) => {
    const checked = await check(createRowsService({ now: clock.now }), { settings });
    const error = checked !== undefined && 'error' in checked ? checked.error : undefined;
    expect(error).toBeInstanceOf(RefusedError);
    expect(String(error)).toContain(answer);
    expect(String(error)).toContain(advice);
  });
});
