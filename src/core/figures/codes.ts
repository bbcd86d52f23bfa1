import { compareText } from './ordering.ts';

/**
 * Known codes and their spellings. Letter case and surrounding spaces do not matter. The canonical spelling is reported; an
 * unknown value keeps its own trimmed text (contract, section 2, "Codes").
 */
export interface CodeList<Code extends string> {
  /** Canonical spellings, in the order of the contract. */
  readonly codes: readonly Code[];
  /** The canonical spelling of `raw`, if it has one. */
  find(raw: string | null): Code | undefined;
  /** The canonical spelling, else the trimmed text. */
  name(raw: string | null): string;
}

/**
 * @param spellings by canonical spelling, the other spellings in tables
 * @example codeList({ approved: ['aprovado'], pending: [] }).name(' Aprovado ') // 'approved'
 */
export function codeList<Code extends string>(spellings: Readonly<Record<Code, readonly string[]>>): CodeList<Code> {
  const codes = keysOf(spellings);
  const canonical = new Map<string, Code>();
  for (const code of codes) {
    canonical.set(foldText(code), code);
    for (const alias of spellings[code]) canonical.set(foldText(alias), code);
  }
  const find = (raw: string | null) => canonical.get(foldText(raw));
  return { codes, find, name: (raw) => find(raw) ?? (raw ?? '').trim() };
}

/** Trimmed lower-case text: values with the same result are the same code. */
export function foldText(raw: string | null): string {
  return (raw ?? '').trim().toLowerCase();
}

/** The name of a numeric code; the digits of an unknown code; '' for null. */
export function numericCode(names: readonly string[], code: number | null): string {
  return code === null ? '' : (names[code] ?? String(code));
}

/**
 * Merges rows that were grouped by exact text into groups by code: `Approved` and `approved ` become one. The name of a group
 * is the spelling that comes first in code-unit order, so that it does not depend on the order of rows.
 */
export function mergeByCode<Row, Total>(
  rows: readonly Row[],
  spelling: (row: Row) => string,
  empty: () => Total,
  add: (total: Total, row: Row) => Total,
): Map<string, Total> {
  const groups = new Map<string, { name: string; total: Total }>();
  for (const row of rows) {
    const name = spelling(row);
    const key = foldText(name);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { name, total: add(empty(), row) });
    else groups.set(key, { name: compareText(name, group.name) < 0 ? name : group.name, total: add(group.total, row) });
  }
  return new Map([...groups.values()].map(({ name, total }) => [name, total]));
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  const keys: Key[] = [];
  for (const key in record) keys.push(key);
  return keys;
}
