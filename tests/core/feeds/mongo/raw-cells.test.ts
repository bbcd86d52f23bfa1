import { describe, expect, test } from 'bun:test';
import {
  Binary,
  BSON,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';
import { cellOf, keyOf } from '../../../../src/core/feeds/mongo/raw-cells.ts';
import type { RawCell } from '../../../../src/core/mirror/mirror-writer.ts';

const ID = '65f1a0b2c3d4e5f601234567';
/** Beyond what a JavaScript date holds. */
const FAR_DATE = Buffer.from([16, 0, 0, 0, 9, 118, 0, 255, 255, 255, 255, 255, 255, 255, 127, 0]);

/** As the driver reads it from the wire. */
function stored(value: unknown): unknown {
  return BSON.deserialize(BSON.serialize({ value })).value;
}

describe('a field is', () => {
  test.each<[string, unknown, RawCell]>([
    ['text', 'Olá', 'Olá'],
    ['true', true, true],
    ['null', null, null],
    ['not there', undefined, null],
    ['an int', new Int32(-7), -7],
    ['a long', Long.fromNumber(2 ** 40), 2 ** 40],
    ['the largest long', Long.MAX_VALUE, '9223372036854775807'],
    ['the least long', Long.MIN_VALUE, '-9223372036854775808'],
    ['a double', new Double(1.5), 1.5],
    ['a double that is no number', Number.NaN, {}],
    ['an infinite double', Number.NEGATIVE_INFINITY, {}],
    ['a decimal', Decimal128.fromString('12.50'), 12.5],
    ['a whole decimal', Decimal128.fromString('12'), 12],
    ['a long decimal', Decimal128.fromString('12345678901234567890'), '12345678901234567890'],
    ['a decimal that is no number', Decimal128.fromString('NaN'), {}],
    ['a date', new Date('2026-03-01T12:00:00.123Z'), '2026-03-01T12:00:00.123Z'],
    ['an ObjectId', new ObjectId(ID), ID],
    ['a symbol', new BSONSymbol('Open'), 'Open'],
    ['a document', { status: 'Open' }, {}],
    ['an array', ['Open'], {}],
    ['bytes', new Binary(Buffer.from('Open')), {}],
    ['a UUID', new UUID(), {}],
    ['a regular expression', new BSONRegExp('a', 'i'), {}],
    ['code', new Code('1'), {}],
    ['a timestamp', new Timestamp({ t: 1, i: 2 }), {}],
    ['a reference', new DBRef('users', new ObjectId()), {}],
    ['the least key', new MinKey(), {}],
    ['the largest key', new MaxKey(), {}],
  ])('%s', (_, value, cell) => {
    expect(cellOf(stored(value))).toEqual(cell);
  });

  test('a document that has the name of a type in it: an object', () => {
    expect(cellOf({ _bsontype: 'Long' })).toEqual({});
  });

  test('a date beyond what a date holds: an object', () => {
    expect(cellOf(BSON.deserialize(FAR_DATE).v)).toEqual({});
  });
});

describe('a key is', () => {
  test.each<[string, unknown, RawCell]>([
    ['an ObjectId: its digits', new ObjectId(ID), ID],
    ['text as it stands', 'ticket-1', 'ticket-1'],
    ['a whole number: its digits', 7, '7'],
    ['a long: its digits', Long.MAX_VALUE, '9223372036854775807'],
    ['a fraction', 1.5, '{"$numberDouble":"1.5"}'],
    ['a boolean', true, 'true'],
    ['a date', new Date(0), '{"$date":{"$numberLong":"0"}}'],
    ['a document', { year: 2026, name: 'a' }, '{"year":{"$numberInt":"2026"},"name":"a"}'],
    ['bytes', new Binary(Buffer.from('a')), '{"$binary":{"base64":"YQ==","subType":"00"}}'],
    ['the least key', new MinKey(), '{"$minKey":1}'],
    ['null', null, 'null'],
    ['not there, in a view', undefined, null],
  ])('%s', (_, id, key) => {
    expect(keyOf(id)).toBe(key);
    if (id !== undefined) expect(keyOf(stored(id))).toBe(key);
  });
});
