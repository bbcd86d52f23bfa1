import { describe, expect, test } from 'bun:test';
import { encodeXlsx, sheetNames } from '../../../src/features/exports/xlsx.ts';
import { zipEntry } from '../../support/zip-entry.ts';
import { tableWith } from './some-tables.ts';

describe('the names of sheets', () => {
  test('have at most 31 characters, and differ in more than letter case', () => {
    const long = 'Reclamações por motivo e por situação';
    const names = sheetNames([long, long, long.toUpperCase(), long]);
    expect(names).toEqual([
      'Reclamações por motivo e por si',
      'Reclamações por motivo e por 2',
      'RECLAMAÇÕES POR MOTIVO E POR 3',
      'Reclamações por motivo e por 4',
    ]);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(31);
  });

  test('have none of the characters and words that Excel refuses', () => {
    expect(sheetNames(['a/b\\c:d*e?f[g]', "'quoted'", '', ' ', 'History', '😀'.repeat(16)])).toEqual([
      'a b c d e f g',
      'quoted',
      'Dados',
      'Dados 2',
      'History 2',
      '😀'.repeat(15),
    ]);
  });
});

describe('a workbook', () => {
  test('freezes the header row and gives every column a width', async () => {
    const rows = [{ id: 1, name: 'x'.repeat(500), amount: 1, share: 1, isOpen: true, at: null }];
    const bytes = await encodeXlsx([tableWith(rows), tableWith([], { title: 'Vazia' })], 'UTC');
    for (const sheet of [1, 2]) {
      const xml = zipEntry(bytes, `xl/worksheets/sheet${sheet}.xml`);
      expect(xml).toMatch(/<pane ySplit="1"[^>]* topLeftCell="A2"[^>]* state="frozen"/);
      expect(
        [...xml.matchAll(/<col [^>]*width="([\d.]+)"/g)]
          .map(([, width]) => Number(width))
          .every((w) => w >= 8 && w <= 60),
      ).toBe(true);
      expect([...xml.matchAll(/<col /g)]).toHaveLength(6);
    }
  });

  test('shows money in reais, shares in percent and instants by the clock of the time zone', async () => {
    const rows = [{ id: 1, amount: -1234.5, share: 12.34, isOpen: true, at: '2026-03-01T02:30:00.000Z' }];
    const bytes = await encodeXlsx([tableWith(rows)], 'America/Sao_Paulo');
    const styles = zipEntry(bytes, 'xl/styles.xml');
    for (const format of ['[$R$-416] #,##0.00', '0.00%', 'dd/mm/yyyy hh:mm:ss'])
      expect(styles).toContain(`"${format}"`);
    const sheet = zipEntry(bytes, 'xl/worksheets/sheet1.xml');
    expect(sheet).toMatch(/<c r="C2"[^>]*><v>-1234.5<\/v>/);
    expect(sheet).toMatch(/<c r="E2" t="b"[^>]*><v>1<\/v>/);
    expect(sheet).toMatch(/<c r="D2"[^>]*><v>0.1234<\/v>/);
    // 2026-02-28 at 23:30 in São Paulo is day 46081 of Excel, and 23.5 hours.
    const [, serial = ''] = /<c r="F2"[^>]*><v>([\d.]+)<\/v>/.exec(sheet) ?? [];
    expect(Number(serial)).toBeCloseTo(46_081 + 23.5 / 24, 9);
  });

  test('leaves out what XML has no form for', async () => {
    const bytes = await encodeXlsx([tableWith([{ name: 'a\u0000b\u000bc\ud800d' }])], 'UTC');
    expect(zipEntry(bytes, 'xl/sharedStrings.xml')).toContain('<t>abcd</t>');
  });
});
