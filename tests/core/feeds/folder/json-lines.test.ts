import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { formatJsonLines, JsonLinesError, parseJsonLines } from '../../../../src/core/feeds/folder/json-lines.ts';

const ID = '65a1f0c2b7e4d90012ab34cd';
const parseOne = (text: string) => parseJsonLines(text, 'test.jsonl')[0];

describe('parseJsonLines', () => {
  test('reads what mongoexport writes, relaxed', () => {
    const line = `{"_id":{"$oid":"${ID}"},"userId":"u1","tags":["a",{"at":{"$date":"2026-03-01T12:00:00.5Z"}}],"n":3}`;
    expect(parseOne(line)).toEqual({
      _id: ID,
      userId: 'u1',
      tags: ['a', { at: new Date('2026-03-01T12:00:00.500Z') }],
      n: 3,
    });
  });

  test('reads what mongoexport writes, canonical', () => {
    const line = `{"_id":{"$oid":"${ID.toUpperCase()}"},"at":{"$date":{"$numberLong":"-1000"}},"i":{"$numberInt":"3"},"l":{"$numberLong":"5000000017"},"d":{"$numberDouble":"1.5"},"inf":{"$numberDouble":"-Infinity"}}`;
    expect(parseOne(line)).toEqual({
      _id: ID,
      at: new Date(-1000),
      i: 3,
      l: 5_000_000_017,
      d: 1.5,
      inf: Number.NEGATIVE_INFINITY,
    });
  });

  test.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T12:30Z', '2026-03-01T12:30:00.000Z'],
    ['2026-03-01T12:30:15', '2026-03-01T12:30:15.000Z'],
    ['2026-03-01 12:30:15.1239999Z', '2026-03-01T12:30:15.123Z'],
    ['2026-03-01T12:30:15.000+0000', '2026-03-01T12:30:15.000Z'],
    ['2026-03-01T12:30:15-03:00', '2026-03-01T15:30:15.000Z'],
  ])('reads the instant %s', (text, iso) => {
    expect(parseOne(`{"_id":1,"at":{"$date":"${text}"}}`)).toEqual({ _id: 1, at: new Date(iso) });
  });

  test('reads a $date of milliseconds', () => {
    expect(parseOne('{"_id":1,"at":{"$date":1500}}')).toEqual({ _id: 1, at: new Date(1500) });
  });

  test('keeps forms that it does not know, and reads inside them', () => {
    expect(parseOne('{"_id":1,"b":{"$binary":{"base64":"AA==","subType":"00"}}}')).toEqual({
      _id: 1,
      b: { $binary: { base64: 'AA==', subType: '00' } },
    });
  });

  test('skips blank lines, a byte-order mark and carriage returns', () => {
    expect(parseJsonLines('\uFEFF{"_id":1}\r\n\r\n  \n{"_id":2}\r\n', 'test.jsonl')).toEqual([{ _id: 1 }, { _id: 2 }]);
  });

  test('makes an _id of the line number where there is none, in the order of lines', () => {
    expect(parseJsonLines('{"a":1}\n\n{"a":2}', 'test.jsonl')).toEqual([
      { _id: '000000000000000000000001', a: 1 },
      { _id: '000000000000000000000003', a: 2 },
    ]);
  });

  test.each([
    ['{"_id":1', /JSON/],
    ['[{"_id":1}]', /one document in braces/],
    ['7', /one document in braces/],
    ['{"_id":{"$oid":"65a1"}}', /the field _id holds no valid \$oid/],
    ['{"_id":1,"at":{"$date":"yesterday"}}', /the field at holds no valid \$date/],
    ['{"_id":1,"at":{"$date":"2026-13-01T00:00:00Z"}}', /the field at holds no valid \$date/],
    ['{"_id":1,"at":{"$date":{"$numberLong":"x"}}}', /the field at holds no valid \$date/],
    ['{"_id":1,"n":{"$numberLong":7}}', /the field n holds no valid \$numberLong/],
    ['{"_id":1,"n":{"$numberInt":"1.5"}}', /the field n holds no valid \$numberInt/],
  ])('names the file, the line and what is wrong with %s', (bad, reason) => {
    const parse = () => parseJsonLines(`{"_id":0}\n\n${bad}\n`, 'tickets.jsonl');
    expect(parse).toThrow(JsonLinesError);
    expect(parse).toThrow(/^tickets\.jsonl, line 3: /);
    expect(parse).toThrow(reason);
  });
});

describe('formatJsonLines', () => {
  test('writes a whole number beyond 2^53 as it was read', () => {
    const line = '{"_id":1,"n":{"$numberLong":"9007199254740993"}}\n';
    expect(formatJsonLines(parseJsonLines(line, 'test.jsonl'))).toBe(line);
    expect(parseOne('{"n":{"$numberLong":"42"}}')).toMatchObject({ n: 42 });
  });

  test('writes relaxed extended JSON, a document a line', () => {
    const documents = [
      { _id: ID, at: new Date('2026-03-01T12:00:00Z'), before: new Date(-1), n: 2, odd: Number.NaN },
      { _id: 'other', ref: ID },
    ];
    expect(formatJsonLines(documents)).toBe(
      `{"_id":{"$oid":"${ID}"},"at":{"$date":"2026-03-01T12:00:00.000Z"},"before":{"$date":{"$numberLong":"-1"}},"n":2,"odd":{"$numberDouble":"NaN"}}\n{"_id":"other","ref":"${ID}"}\n`,
    );
  });

  test.each(['constructor', 'hasOwnProperty', 'toString', 'valueOf'])(
    'a field called %s, which every object has something of, is a field',
    (name) => {
      const documents = [
        { _id: ID, field: { [name]: new Date(0) } },
        { _id: 'other', field: { [name]: 'x' } },
      ];
      expect(parseJsonLines(formatJsonLines(documents), 'round-trip.jsonl')).toEqual(documents);
    },
  );

  test('what is written reads the same', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.date({ noInvalidDate: true }),
    );
    const name = fc.string().filter((text) => !text.startsWith('$') && text !== '_id' && text !== '__proto__');
    const { field } = fc.letrec((tie) => ({
      field: fc.oneof(
        { maxDepth: 3 },
        scalar,
        fc.array(tie('field'), { maxLength: 4 }),
        fc.dictionary(name, tie('field'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const id = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 24, maxLength: 24 }),
      scalar,
    );
    const document = fc
      .tuple(id, fc.dictionary(name, field, { maxKeys: 5, noNullPrototype: true }))
      .map(([_id, fields]) => ({ _id, ...fields }));
    fc.assert(
      fc.property(fc.array(document, { maxLength: 5 }), (documents) => {
        expect(parseJsonLines(formatJsonLines(documents), 'round-trip.jsonl')).toEqual(documents);
      }),
    );
  });
});
