import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import Papa from 'papaparse';
import { encodeCsv } from '../../../src/features/exports/csv.ts';
import type { CsvDialect } from '../../../src/features/exports/format.ts';
import { tableWith } from './some-tables.ts';

const HOSTILE = [
  '"',
  "'",
  ',',
  ';',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\u0000',
  '=',
  '+',
  '-',
  '@',
  ' ',
  '\u00a0',
  '\ufeff',
  '\ud800',
  '\udfff',
  '😀',
  'ã',
  '|',
  '＝',
];
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.string()).map(([start, rest]) => start + rest),
);
/** Whole cents, as amounts are. */
const amount = fc.integer({ min: -(10 ** 14), max: 10 ** 14 }).map((cents) => cents / 100);
const row = fc.record({
  id: fc.maxSafeInteger(),
  name: text,
  amount,
  share: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
  isOpen: fc.boolean(),
});

/** The texts of the fields, read by another program. */
function parse(bytes: Uint8Array, delimiter: string): string[][] {
  const { data, errors } = Papa.parse<string[]>(new TextDecoder('utf-8', { fatal: true }).decode(bytes), {
    delimiter,
    newline: '\r\n',
    skipEmptyLines: false,
  });
  expect(errors).toEqual([]);
  // A row ends with CRLF, after which the parser sees one with an empty field.
  expect(data.pop()).toEqual(['']);
  return data.slice(1);
}

/** Whether a spreadsheet may take the text of a field for a formula: written anew, from OWASP's page on CSV injection. */
function looksLikeFormula(field: string): boolean {
  return startsFormula(field) || ['\t', '\r', '\n'].includes(field[0] ?? ' ');
}

function startsFormula(field: string): boolean {
  const first = [...field].find((character) => character.trim() !== '' && !/\p{Cc}/u.test(character));
  return '=+-@＝＋－＠'.includes(first ?? ' ');
}

/** The text of a field that holds a text. */
function defused(original: string, delimiter: string): string {
  const whole = looksLikeFormula(original) ? `'${original}` : original;
  if (delimiter === ';') return whole;
  // Excel in Portuguese splits at semicolons, even between quotes.
  const [first, ...others] = whole.split(';');
  return [
    first,
    ...others.map((piece) => (startsFormula(piece.replace(/["\s\p{Cc}]*/u, '')) ? `'${piece}` : piece)),
  ].join(';');
}

const CASES: readonly (readonly [CsvDialect, string, string])[] = [
  ['rfc4180', ',', '.'],
  ['excel-pt-br', ';', ','],
];

describe.each(CASES)('CSV in the dialect %s', (dialect, delimiter, point) => {
  const written = (rows: Parameters<typeof tableWith>[0]) => parse(encodeCsv(tableWith(rows), dialect), delimiter);

  test('any text comes back, with an apostrophe only in front of what may be a formula', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const names = written(rows).map(([, name]) => name ?? '');
        const texts = rows.map(({ name }) => name.toWellFormed());
        expect(names).toEqual(texts.map((original) => defused(original, delimiter)));
        expect(names.flatMap((name) => (delimiter === ';' ? name : name.split(';'))).some(startsFormula)).toBe(false);
        expect(names.some(looksLikeFormula)).toBe(false);
      }),
    );
  });

  test('numbers stay numbers, negative ones too, to the cent', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        for (const [index, [id, , money = '', share = '', isOpen]] of written(rows).entries()) {
          const expected = rows[index];
          expect(money).toMatch(point === '.' ? /^-?\d+\.\d\d$/ : /^-?\d+,\d\d$/);
          // BigInt, since doubles may hide a cent.
          const cents = BigInt(money.replace(/[.,]/, ''));
          expect(cents).toBe(BigInt(Math.round((expected?.amount ?? 0) * 100)));
          expect(Number(id)).toBe(expected?.id ?? Number.NaN);
          expect(Number(share.replace(',', '.'))).toBe(expected?.share ?? Number.NaN);
          expect(isOpen).toBe(String(expected?.isOpen));
        }
      }),
    );
  });
});
