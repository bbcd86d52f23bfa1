import { describe, expect, test } from 'bun:test';
import { encodeCsv } from '../../../src/features/exports/csv.ts';
import type { CsvDialect } from '../../../src/features/exports/format.ts';
import { tableWith } from './some-tables.ts';

const csv = (rows: Parameters<typeof tableWith>[0], dialect: CsvDialect = 'rfc4180') =>
  Buffer.from(encodeCsv(tableWith(rows), dialect)).toString();

const ROW = { id: 17, name: 'Ana', amount: -1234.5, share: 12.34, isOpen: true, at: '2026-03-01T12:00:00.000Z' };

describe('CSV', () => {
  test('has a header row, CRLF after every row, and empty fields for null', () => {
    expect(csv([ROW, { id: 18, name: null, amount: null, share: null, isOpen: null, at: null }])).toBe(
      'id,name,amount,share,isOpen,at\r\n' + '17,Ana,-1234.50,12.34,true,2026-03-01T12:00:00.000Z\r\n' + '18,,,,,\r\n',
    );
  });

  test('for Excel in Portuguese has a byte order mark, semicolons and decimal commas', () => {
    expect(csv([{ ...ROW, name: 'a;b,c' }], 'excel-pt-br')).toBe(
      '\ufeffid;name;amount;share;isOpen;at\r\n17;"a;b,c";-1234,50;12,34;true;2026-03-01T12:00:00.000Z\r\n',
    );
  });

  test('of no rows is the header row', () => {
    expect(csv([])).toBe('id,name,amount,share,isOpen,at\r\n');
  });

  test('quotes what would end a field or a row', () => {
    const texts = ['a,b', 'say "no"', 'two\nlines', 'two\rlines', 'two\r\nlines', ' blank '];
    expect(csv(texts.map((name) => ({ name })))).toBe(
      'id,name,amount,share,isOpen,at\r\n' +
        ',"a,b",,,,\r\n,"say ""no""",,,,\r\n,"two\nlines",,,,\r\n,"two\rlines",,,,\r\n,"two\r\nlines",,,,\r\n, blank ,,,,\r\n',
    );
  });

  for (const text of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\rx',
    '\nx',
    ' =1',
    '\u0000=1',
    '\u00a0-1',
    '＝1',
    '-Ana',
  ]) {
    test(`a text such as ${JSON.stringify(text)} is no formula`, () => {
      expect(csv([{ name: text }])).toContain(`'${text}`);
    });
  }

  test('a formula after a semicolon is none either, where another separator of Excel would make it a cell', () => {
    expect(csv([{ name: 'a;=1;b' }])).toContain("\r\n,a;'=1;b,");
    expect(csv([{ name: 'a; \t+1;;-2' }])).toContain("\r\n,a;' \t+1;;'-2,");
    expect(csv([{ name: 'a;"=1' }])).toContain('\r\n,"a;\'""=1",');
    expect(csv([{ name: 'a;=1,2' }], 'excel-pt-br')).toContain('\r\n;"a;=1,2";');
  });

  for (const text of ['a=1', 'a;b=1', '1-1', 'ana@example.com', '', ' Ana', "'=1"]) {
    test(`a text such as ${JSON.stringify(text)} stays as it is`, () => {
      expect(csv([{ name: text }])).toContain(`\r\n,${text},,,,\r\n`);
    });
  }

  test('a column of the wrong type is empty, not wrong', () => {
    expect(csv([{ id: 'x', name: 5, amount: '1', isOpen: 1, at: 0 }])).toContain('\r\n,,,,,\r\n');
  });
});
