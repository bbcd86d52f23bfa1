import type { SequenceMark } from '../runtime/sequence.ts';
import { isRow, type Statement, statement } from './statement.ts';

/**
 * After a process was killed, its last few marks may be missing on disk. The numbers then skip this many, so that none is
 * used twice.
 */
const GAP_AFTER_UNCLEAN_END = 1_000;

/** Skips numbers, once for each process that was killed. */
export function leaveGap(uncleanIds: readonly string[]): Statement[] {
  return uncleanIds.flatMap((id) => [
    statement(`update Sequences set seq = seq + ?, hash = '' where exists (select * from Processes where id = ?)`, [
      GAP_AFTER_UNCLEAN_END,
      id,
    ]),
    statement('delete from Processes where id = ?', [id]),
  ]);
}

export const SELECT_MARKS = statement('select feature, seq, hash from Sequences');

export function marksIn(rows: readonly unknown[]): Map<string, SequenceMark> {
  return new Map(rows.filter(isRow).map(({ feature, seq, hash }) => [String(feature), markOf(seq, hash)]));
}

/**
 * A number never goes back, whichever process writes last. If two processes used one number for different contents without
 * agreeing on it, it belongs to neither.
 */
export function saveMark(feature: string, { seq, hash }: SequenceMark): Statement {
  return statement(
    `insert into Sequences values (?1, ?2, ?3) on conflict (feature) do update set
       hash = case when excluded.seq > seq or excluded.hash = hash then excluded.hash else '' end, seq = excluded.seq
     where excluded.seq >= seq`,
    [feature, seq, hash],
  );
}

/**
 * Assigns a number to a content, in one statement: the newest number if it already belongs to this content, whichever
 * process assigned it; else the next one.
 *
 * @param least the number that this process would use on its own
 */
export function agreeOn(feature: string, hash: string, least: number): Statement {
  return statement(
    `insert into Sequences values (?1, ?3, ?2) on conflict (feature) do update set
       seq = case when hash = ?2 and seq >= ?3 then seq else max(seq + 1, ?3) end, hash = ?2
     returning seq, hash`,
    [feature, hash, least],
  );
}

/** The mark that `agreeOn` returned. */
export function agreedMark(rows: readonly unknown[]): SequenceMark | undefined {
  const [row] = rows.filter(isRow);
  return row && markOf(row.seq, row.hash);
}

function markOf(seq: unknown, hash: unknown): SequenceMark {
  return { seq: Number(seq), hash: String(hash) };
}
