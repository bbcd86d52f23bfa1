import { messageOf } from '../../runtime/errors.ts';
import { isRecord, parseJson } from '../../runtime/json.ts';
import type { Document } from './document.ts';

/**
 * MongoDB extended JSON, one document a line, as `mongoexport` writes it and `mongoimport` reads it.
 *
 * Reads the relaxed and the canonical form, and writes the relaxed one. In memory, an ObjectId is its 24 hexadecimal digits,
 * an instant a `Date`, and a number a double. Other forms (`$binary`, `$timestamp`, a `$numberLong` beyond 2^53 …) are kept
 * unchanged.
 */

/** A line is not a valid document. */
export class JsonLinesError extends Error {
  override readonly name = 'JsonLinesError';

  /** @param line counted from 1 */
  constructor(
    readonly file: string,
    readonly line: number,
    reason: string,
  ) {
    super(`${file}, line ${line}: ${reason}`);
  }
}

/**
 * Parses the documents of a file, in order; blank lines are skipped. As in MongoDB, a document without an `_id` gets one:
 * here, from its line number.
 *
 * @param file its name, for the error
 * @throws JsonLinesError for the first invalid line
 */
export function parseJsonLines(text: string, file: string): Document[] {
  const documents: Document[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    try {
      documents.push({ _id: (index + 1).toString(16).padStart(24, '0'), ...parseDocument(line) });
    } catch (error) {
      throw new JsonLinesError(file, index + 1, messageOf(error));
    }
  }
  return documents;
}

/** Formats documents as lines, each ended by a line feed, so that they can be appended to a file. */
export function formatJsonLines(documents: readonly Document[]): string {
  return documents.map((document) => `${JSON.stringify(encodeDocument(document))}\n`).join('');
}

function parseDocument(line: string): Document {
  const value = parseJson(line);
  if (value === undefined) throw new TypeError('expected one document in braces, this is not valid JSON');
  if (!isPlainObject(value)) throw new TypeError('expected one document in braces a line');
  return decodeFields(value);
}

function decodeFields(fields: Document): Document {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, decode(value, name)]));
}

function decode(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => decode(item, name));
  if (!isPlainObject(value)) return value;
  const [form, ...others] = Object.keys(value);
  const decoder = form === undefined || others.length > 0 ? undefined : DECODERS.get(form);
  if (form === undefined || decoder === undefined) return decodeFields(value);
  const decoded = decoder(value[form]);
  if (decoded === undefined) throw new TypeError(`the field ${name} holds no valid ${form}`);
  return decoded;
}

/** Decodes each form; undefined if its value is invalid. */
const DECODERS: ReadonlyMap<string, (value: unknown) => unknown> = new Map<string, (value: unknown) => unknown>([
  ['$oid', (value) => (isObjectId(value) ? value.toLowerCase() : undefined)],
  ['$date', decodeInstant],
  ['$numberInt', (value) => decodeNumber(value, /^-?\d+$/)],
  ['$numberLong', decodeLong],
  ['$numberDouble', (value) => decodeNumber(value, NUMBER)],
  ['$numberDecimal', (value) => decodeNumber(value, NUMBER)],
]);

const NUMBER = /^(NaN|-?Infinity|-?\d+(\.\d*)?(e[+-]?\d+)?)$/i;

function decodeNumber(value: unknown, pattern: RegExp): number | undefined {
  return typeof value === 'string' && pattern.test(value) ? Number(value) : undefined;
}

/** Keeps numbers beyond 2^53 in their form, since a double would not be exact. */
function decodeLong(value: unknown): unknown {
  const number = decodeNumber(value, /^-?\d+$/);
  return number === undefined || Number.isSafeInteger(number) ? number : { $numberLong: value };
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** Digits below the millisecond are cut off; a time without an offset is UTC. */
function decodeInstant(value: unknown): Date | undefined {
  const instant = new Date(millisecondsOf(value));
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function millisecondsOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (isPlainObject(value)) return decodeNumber(value.$numberLong, /^-?\d+$/) ?? Number.NaN;
  const parts = typeof value === 'string' ? INSTANT.exec(value) : null;
  if (parts === null) return Number.NaN;
  const [, day, time = '00:00', seconds = ':00', fraction = '.0', offset = 'Z'] = parts;
  const milliseconds = fraction.slice(1, 4).padEnd(3, '0');
  return Date.parse(`${day}T${time}${seconds}.${milliseconds}${offset.replace(/(\d{2}):?(\d{2})$/, '$1:$2')}`);
}

function encodeDocument({ _id, ...fields }: Document): Document {
  return { _id: isObjectId(_id) ? { $oid: _id } : encode(_id), ...encodeFields(fields) };
}

function encodeFields(fields: Document): Document {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, encode(value)]));
}

function encode(value: unknown): unknown {
  if (value instanceof Date) return { $date: encodeInstant(value) };
  if (Array.isArray(value)) return value.map(encode);
  if (isPlainObject(value)) return encodeFields(value);
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { $numberDouble: Object.is(value, -0) ? '-0.0' : String(value) };
}

/** Relaxed form: text from 1970 to 9999, milliseconds otherwise. */
function encodeInstant(instant: Date): unknown {
  const year = instant.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? instant.toISOString() : { $numberLong: String(instant.getTime()) };
}

function isObjectId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value);
}

function isPlainObject(value: unknown): value is Document {
  return isRecord(value) && !(value instanceof Date);
}
