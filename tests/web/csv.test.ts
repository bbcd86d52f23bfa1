import { describe, expect, test } from 'bun:test';
import { createFormat } from '../../src/web/format/format.ts';
import { savedValue } from '../../src/web/table/cell-text.ts';
import { csvText } from '../../src/web/table/csv.ts';

const pt = { language: 'pt', yes: 'Sim', no: 'Não' } as const;
const en = { language: 'en', yes: 'Yes', no: 'No' } as const;

describe('a table as CSV', () => {
  test('is for the spreadsheets of Brazil in Portuguese', () => {
    expect(csvText(['Dia', 'Receita'], [['2026-11-27', 1234.5]], pt)).toBe(
      '\ufeffDia;Receita\r\n2026-11-27;1234,5\r\n',
    );
  });

  test('has commas and points in English', () => {
    expect(csvText(['Day', 'Revenue'], [['2026-11-27', 1234.5]], en)).toBe(
      '\ufeffDay,Revenue\r\n2026-11-27,1234.5\r\n',
    );
  });

  test('runs no formula, and leaves negative numbers alone', () => {
    const cells = ['=1+1', '+55 11', '-x', '@a', '\tx', -5.25];
    expect(csvText(['h'], [cells], pt).split('\r\n')[1]).toBe("'=1+1;'+55 11;'-x;'@a;'\tx;-5,25");
  });

  test('quotes what would break a row', () => {
    expect(csvText(['h'], [['a;b', 'say "hi"', 'two\nlines', 'a,b']], pt).split('\r\n')[1]).toBe(
      '"a;b";"say ""hi""";"two\nlines";a,b',
    );
  });

  test('writes truth in words and nothing for nothing', () => {
    expect(csvText(['h'], [[true, false, null]], pt).split('\r\n')[1]).toBe('Sim;Não;');
  });

  test.each([
    ['pt-BR', '27/11/2026 23:30'],
    ['en', '11/27/26 11:30 PM'],
  ] as const)('has instants in the time zone of the server: %s', (locale, text) => {
    const format = createFormat(locale, 'America/Sao_Paulo');
    const row = { at: '2026-11-28T02:30:00.000Z', amount: 1234.5 };
    expect(savedValue({ kind: 'instant', value: ({ at }) => at }, row, format)).toBe(text);
    expect(savedValue({ kind: 'instant', value: () => null }, row, format)).toBeNull();
    expect(savedValue({ kind: 'text', value: ({ at }) => at }, row, format)).toBe(row.at);
    expect(savedValue({ kind: 'number', value: ({ amount }) => amount }, row, format)).toBe(1234.5);
  });
});
