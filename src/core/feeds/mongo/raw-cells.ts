import { BSON, type Document } from 'mongodb';
import type { MirroredTable } from '../../mirror/catalog.ts';
import type { RawCell, RawRow } from '../../mirror/mirror-writer.ts';
import { UNREADABLE, wholeNumber } from '../raw-cell.ts';

/** Converts documents to rows of raw cells. The field `_id` is the key of every collection. */

const WHOLE_NUMBER = /^-?\d+$/;

/** @param document as the driver returns it, with numbers promoted to doubles where that is exact */
export function rowOf(document: Document, { columns }: MirroredTable): RawRow {
  return columns.map((column) => {
    const value: unknown = Object.hasOwn(document, column) ? document[column] : null;
    return column === '_id' ? keyOf(value) : cellOf(value);
  });
}

/**
 * A document's key: the digits of an ObjectId or a whole number, text unchanged, and canonical extended JSON for anything
 * else. Null without an `_id`, as in a view.
 */
export function keyOf(id: unknown): RawCell {
  if (id === undefined) return null;
  if (id === null) return 'null';
  const cell = cellOf(id);
  if (typeof cell === 'string' && !(id instanceof Date)) return cell;
  if (typeof cell === 'number' && Number.isSafeInteger(cell)) return String(cell);
  return BSON.EJSON.stringify(id, { relaxed: false });
}

/** A field's value. Documents, arrays, bytes and other values that are not scalar become `UNREADABLE`. */
export function cellOf(value: unknown): RawCell {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : UNREADABLE;
    case 'bigint':
      return wholeNumber(String(value));
    case 'object':
      return value === null ? null : cellOfObject(value);
    default:
      return value === undefined ? null : UNREADABLE;
  }
}

function cellOfObject(value: object): RawCell {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? UNREADABLE : value.toISOString();
  switch (bsonTypeOf(value)) {
    case 'ObjectId':
      return String(value);
    case 'Int32':
    case 'Double':
      return cellOf(value.valueOf());
    case 'Long':
      return wholeNumber(String(value));
    case 'Decimal128':
      return decimal(String(value));
    default:
      return UNREADABLE;
  }
}

/** The driver's type mark: a Timestamp is also an instance of Long. A document's own field of this name does not count. */
function bsonTypeOf(value: object): unknown {
  return '_bsontype' in value && !Object.hasOwn(value, '_bsontype') ? value._bsontype : undefined;
}

function decimal(text: string): RawCell {
  if (WHOLE_NUMBER.test(text)) return wholeNumber(text);
  const number = Number(text);
  return Number.isFinite(number) ? number : UNREADABLE;
}
