import { type Static, Type } from '@sinclair/typebox';

/** The result of one check. */
export const Finding = Type.Object({
  what: Type.String(),
  verdict: Type.Union([
    Type.Literal('ok'),
    Type.Literal('warning'),
    Type.Literal('broken'),
    Type.Literal('not configured'),
  ]),
  found: Type.String(),
  /** The exact statement, setting or command that fixes it; null if there is nothing to do. */
  next: Type.Union([Type.String(), Type.Null()]),
});
export type Finding = Static<typeof Finding>;

export const ok = (what: string, found: string): Finding => ({ what, verdict: 'ok', found, next: null });
export const warning = (what: string, found: string, next: string): Finding => ({
  what,
  verdict: 'warning',
  found,
  next,
});
export const broken = (what: string, found: string, next: string): Finding => ({
  what,
  verdict: 'broken',
  found,
  next,
});
export const notConfigured = (what: string, next: string): Finding => ({
  what,
  verdict: 'not configured',
  found: '',
  next,
});

/** A difference of this size makes figures of "the last 24 hours" wrong by as much, ms. */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * Compares another machine's clock with this one's.
 *
 * @param asked when the question was sent and when the answer came, ms since 1970: the clock was read about halfway
 */
export function clockFinding(
  what: string,
  theirs: number,
  asked: { readonly from: number; readonly to: number },
): Finding {
  const difference = Math.round(theirs - (asked.from + asked.to) / 2);
  const slack = (asked.to - asked.from) / 2;
  const seconds = (Math.abs(difference) / 1000).toFixed(1);
  if (Math.abs(difference) <= CLOCK_TOLERANCE_MS + slack) return ok(what, `${seconds} s apart from this machine's`);
  return warning(
    what,
    `${seconds} s ${difference > 0 ? 'ahead of' : 'behind'} this machine's`,
    'synchronise both with the same time server (NTP)',
  );
}

/** A table for people: one line for each finding, with what to do below it. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.flatMap(({ what, verdict, found, next }) => [
    `${what.padEnd(width)}  ${verdict.padEnd(14)}  ${found}`.trimEnd(),
    ...(next === null ? [] : [`${' '.repeat(width)}  ${' '.repeat(14)}  → ${next}`]),
  ]);
  const count = (verdict: Finding['verdict']) => findings.filter((finding) => finding.verdict === verdict).length;
  return `${lines.join('\n')}\n\n${count('ok')} ok, ${count('warning')} warnings, ${count('broken')} broken\n`;
}

/** Why a service cannot be used, and the setting or command that would help. */
export interface Advice {
  readonly found: string;
  readonly next: string;
}
