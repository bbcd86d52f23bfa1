import { expect } from 'bun:test';
import { SUMMARY } from './reference-pair.ts';

/** Where the two servers differ, and why that is left so. Whatever is not told here is the same. */
export interface Difference {
  readonly why: string;
  /** Lines that only one of them says. */
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** Asserts that two servers said the same, but for a difference that is known and is there. */
export function expectSame(ours: readonly string[], theirs: readonly string[], known?: Difference): void {
  const [left, right] = [ours.map(essence), theirs.map(essence)];
  const difference = { ours: withoutAll(left, right), theirs: withoutAll(right, left) };
  expect(difference).toEqual({ ours: [...(known?.ours ?? [])], theirs: [...(known?.theirs ?? [])] });
  expect(withoutAll(left, difference.ours)).toEqual(withoutAll(right, difference.theirs));
}

/**
 * A line without what differs everywhere:
 *
 * - the order of members, in a negotiation;
 * - JSON may write the same text with more or fewer escapes;
 * - the completion of a method without a result says `"result":null` with ASP.NET Core, and nothing with us;
 * - errors name exceptions of .NET with ASP.NET Core, and say what would do with us; official clients pass the words on;
 * - after a record that cannot be read, ASP.NET Core lets clients reconnect by themselves, and we do not: the client that
 *   sent it would send it again.
 */
function essence(line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const { type, error, result, allowReconnect, ...rest } = record;
  const words = typeof error === 'string' ? { error: type === COMPLETION ? error : wordsOf(error) } : {};
  return JSON.stringify({
    ...(type === undefined ? inOrder(rest) : { type, ...rest }),
    ...words,
    ...(result === undefined || result === null ? {} : { result }),
    ...(allowReconnect === undefined || error !== undefined ? {} : { allowReconnect }),
  }).replaceAll(JSON.stringify(SUMMARY), '‹summary›');
}

const COMPLETION = 3;

function inOrder(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).toSorted(([left], [right]) => left.localeCompare(right)));
}

/** The words of a refusal that both servers say alike; of any other, how they begin. */
function wordsOf(error: string): string {
  if (/^The (protocol|server does not support)/.test(error)) return error;
  const [kind] = /^Connection closed with an error\. /.exec(error) ?? [''];
  return `${kind}…`;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The lines but for those of the others, each taken away once. */
function withoutAll(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}
