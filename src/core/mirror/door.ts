import type { Cell, Column } from '../../company/column.ts';
import { hasSpelling } from '../../company/table.ts';
import type { KeyComparison, MirroredTable } from './catalog.ts';
import { readDuration, readInstant } from './door-times.ts';
import type { RawCell, RawRow } from './mirror-writer.ts';

/**
 * The only place where values of a source are validated (contract, section 2). A value that its column does not allow counts
 * as missing. It is never rounded or guessed, and never stops the load.
 */

/** A row as the mirror stores it. */
export interface CleanRow {
  readonly key: string | number;
  /** In the order of `storedColumns`. */
  readonly cells: Cell[];
  /** Indexes of the mirrored columns whose value is not allowed. */
  readonly unreadable: readonly number[];
}

export interface Door {
  /** @param place the row's index in its table; identifies a row whose key is unreadable */
  clean(row: RawRow, place: number): CleanRow;
  /** A key as the mirror compares it; undefined if it is unreadable. */
  key(raw: RawCell): string | number | undefined;
}

/** The columns of a table in the mirror: each mirrored column, followed by its original spelling if that is stored. */
export function storedColumns({ table, columns }: MirroredTable): string[] {
  return columns.flatMap((name) => {
    const column = table.columns[name];
    return column !== undefined && hasSpelling(column) ? [name, `${name}Written`] : [name];
  });
}

/** A column of the rows to clean. */
interface Field {
  readonly column: Column;
  /** Whether the source has the column. */
  readonly isPresent: boolean;
  /** Whether the original spelling is stored beside the compared value. */
  readonly keepsSpelling: boolean;
}

/** @param present the columns that the source has */
export function createDoor(mirrored: MirroredTable, present: readonly string[], keys: KeyComparison): Door {
  const { table, columns } = mirrored;
  const comparable = comparisonOf(keys);
  const fields = columns.flatMap((name): Field[] => {
    const column = table.columns[name];
    return column === undefined
      ? []
      : [{ column, isPresent: present.includes(name), keepsSpelling: hasSpelling(column) }];
  });
  const keyColumn = table.columns[table.key];
  const keyAt = columns.indexOf(table.key);
  const readKey = (raw: RawCell): string | number | undefined => {
    const read = keyColumn === undefined ? undefined : readValue(keyColumn, raw);
    return typeof read === 'string' ? comparable(read) : (read ?? undefined);
  };
  const store = ({ keepsSpelling }: Field, value: Cell, cells: Cell[]) => {
    const compared = keepsSpelling && typeof value === 'string' ? comparable(value) : value;
    cells.push(compared);
    if (keepsSpelling) cells.push(compared === value ? null : value);
  };

  return {
    key: readKey,
    clean(row, place) {
      const cells: Cell[] = [];
      const unreadable: number[] = [];
      const placeholder = placeholderKey(keyColumn?.isText === true, place);
      for (const [index, field] of fields.entries()) {
        const raw = row[index] ?? null;
        const value = readValue(field.column, raw);
        if (value === undefined && isWrong(field, raw)) unreadable.push(index);
        store(field, value ?? (index === keyAt ? placeholder : field.column.missing), cells);
      }
      return { key: readKey(row[keyAt] ?? null) ?? placeholder, cells, unreadable };
    },
  };
}

/** Whether an unreadable value counts as a problem: null in a nullable column, or a missing column, does not. */
function isWrong({ column, isPresent }: Field, raw: RawCell): boolean {
  return isPresent && !(raw === null && column.nullable);
}

function readValue(column: Column, raw: RawCell): Cell | undefined {
  return raw === null ? undefined : readCell(column, raw);
}

/** A row with an unreadable key still counts: its index becomes its key. */
function placeholderKey(isText: boolean, place: number): string | number {
  return isText ? `${PLACEHOLDER}${place}` : Number.MIN_SAFE_INTEGER + 1 + place;
}

const PLACEHOLDER = '\u0000';

/** Whether a key replaces an unreadable one. */
export function isPlaceholderKey(key: string | number): boolean {
  return typeof key === 'string' ? key.startsWith(PLACEHOLDER) : key < -(2 ** 52);
}

/** SQL for a column `u."key"` that is not a placeholder. Text sorts after every number. */
export const READABLE_KEY = `u."key" > ${-(2 ** 52)} and (typeof(u."key") = 'integer' or u."key" >= char(1))`;

/** The value as the mirror stores it; undefined if the column does not allow it. */
function readCell(column: Column, raw: RawCell): Cell | undefined {
  switch (column.kind) {
    case 'key':
    case 'reference':
      return column.isText ? readText(raw) : readInteger(raw, column);
    case 'text':
      return readText(raw);
    case 'label':
      return readText(raw)?.trim();
    case 'code': {
      const text = readText(raw);
      return text === undefined ? undefined : (column.codes?.name(text) ?? text);
    }
    case 'numeric-code':
    case 'quantity':
      return readInteger(raw, column);
    case 'money':
      return readCents(raw);
    case 'instant':
      return typeof raw === 'string' ? readInstant(raw) : undefined;
    case 'duration':
      return typeof raw === 'string' ? readDuration(raw) : undefined;
    case 'flag':
      return readFlag(raw);
  }
}

/** Text; a whole number becomes its digits. */
function readText(raw: RawCell): string | undefined {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'number' && Number.isSafeInteger(raw) ? String(raw) : undefined;
}

const DIGITS = /^-?\d{1,16}$/;

/** Whole numbers that a double holds exactly. Drivers return large ones as digits. */
function readInteger(raw: RawCell, { range }: Column): number | undefined {
  const number = typeof raw === 'string' && DIGITS.test(raw) ? Number(raw) : raw;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined;
  const [least, most] = range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return number >= least && number <= most ? number || 0 : undefined;
}

const DECIMAL = /^-?\d{1,8}(?:\.\d{1,2}0*)?$/;
/** `decimal(10, 2)`. */
const MOST_CENTS = 9_999_999_999;

/** The cents of a number with at most two decimals, that is, of a double nearest to a whole number of cents. */
function readCents(raw: RawCell): number | undefined {
  const number = typeof raw === 'string' && DECIMAL.test(raw) ? Number(raw) : raw;
  if (typeof number !== 'number') return undefined;
  const cents = Math.round(number * 100);
  if (cents / 100 !== number || Math.abs(cents) > MOST_CENTS) return undefined;
  return cents || 0;
}

function readFlag(raw: RawCell): number | undefined {
  if (raw === true || raw === 1 || raw === '1') return 1;
  return raw === false || raw === 0 || raw === '0' ? 0 : undefined;
}

const MARKS = /\p{M}/gu;

function comparisonOf(keys: KeyComparison): (text: string) => string {
  const { ignoresCase, ignoresAccents, ignoresTrailingBlanks } = keys;
  if (!ignoresCase && !ignoresAccents && !ignoresTrailingBlanks) return (text) => text;
  return (text) => {
    let compared = ignoresTrailingBlanks ? text.replace(/ +$/, '') : text;
    if (ignoresCase) compared = compared.toLowerCase();
    return ignoresAccents ? compared.normalize('NFD').replaceAll(MARKS, '') : compared;
  };
}
