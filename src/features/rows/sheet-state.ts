import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { OutletMemory } from '../../core/outlets/outlet.ts';
import { parseJson } from '../../core/runtime/json.ts';

const Stored = Type.Object({
  table: Type.String(),
  columns: Type.Integer({ minimum: 0 }),
  rows: Type.Array(Type.String()),
});

/** What a table holds, as far as is known. */
export interface SheetState {
  readonly table: string;
  /** Columns that were ever written. */
  columns: number;
  /** The fingerprint of each row, `UNKNOWN` while a write to it is under way. Rows below are empty. */
  rows: string[];
}

/** No fingerprint: the row has to be written. */
export const UNKNOWN = '';

const EMPTY_ROW = fingerprint([]);

/** A short text that differs where the rows differ. Empty cells at the end make no difference. */
export function fingerprint(row: readonly string[]): string {
  const last = row.findLastIndex((cell) => cell !== '');
  return Bun.hash(JSON.stringify(row.slice(0, last + 1))).toString(36);
}

/** The fingerprint of a row of the table; that of an empty row below the last. */
export function fingerprintAt({ rows }: SheetState, row: number): string {
  return rows[row] ?? EMPTY_ROW;
}

export function setFingerprints(state: SheetState, first: number, fingerprints: readonly string[]): void {
  while (state.rows.length < first) state.rows.push(EMPTY_ROW);
  state.rows.splice(first, fingerprints.length, ...fingerprints);
  state.rows.length = state.rows.findLastIndex((each) => each !== EMPTY_ROW) + 1;
}

/** What is remembered of a sheet. About 13 bytes a row. */
export function rememberedState(memory: OutletMemory, sheet: string): SheetState | undefined {
  const stored = parseJson(memory.get(keyOf(sheet)) ?? '');
  if (!Value.Check(Stored, stored)) return undefined;
  const { table, columns, rows } = stored;
  return { table, columns, rows: [...rows] };
}

/** @throws SourceError if the store does not answer */
export async function remember(memory: OutletMemory, sheet: string, state: SheetState): Promise<void> {
  await memory.save({ [keyOf(sheet)]: JSON.stringify(state) });
}

function keyOf(sheet: string): string {
  return `sheet.${sheet}`;
}
