import { compareText } from './ordering.ts';

/**
 * Codes as people wrote them: letter case and surrounding blanks never matter, the canonical spelling is reported,
 * and a value outside the list keeps its own trimmed text (contract, section 2, "Codes").
 */
export interface CodeList<Code extends string> {
  /** Canonical spellings, in the order of the contract. */
  readonly codes: readonly Code[];
  /** The canonical spelling of `raw`, if it has one. */
  find(raw: string | null): Code | undefined;
  /** The canonical spelling, else the trimmed text itself. */
  name(raw: string | null): string;
}

/**
 * @param spellings canonical spelling → other spellings in tables
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

/** Text without surrounding blanks and letter case: two values with the same fold are the same code. */
export function foldText(raw: string | null): string {
  return (raw ?? '').trim().toLowerCase();
}

/** The name of a numeric code; one outside the list is reported under its digits, a missing one has no name. */
export function numericCode(names: readonly string[], code: number | null): string {
  return code === null ? '' : (names[code] ?? String(code));
}

/**
 * Groups what a database grouped by exact text once more, by meaning: `Approved`, `approved ` and `aprovado` become one.
 * A group outside the list is reported under the spelling that comes first in code-unit order, so that the answer does
 * not depend on the order of rows.
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
