import type { Writable } from 'node:stream';
import { createByteWriter } from './byte-writer.ts';
import { createMessageWriter, type MessageWriter } from './message-writer.ts';
import { PACKET } from './packets.ts';
import { columnsToken, type TdsColumn, writeRow } from './rows.ts';
import { DONE_STATUS, DONE_TOKEN, doneToken, returnStatusToken, type TdsError } from './tokens.ts';

/** Rows may be generated while they are sent, no faster than the client reads. */
export interface TdsResult {
  readonly columns: readonly TdsColumn[];
  readonly rows: Iterable<readonly unknown[]>;
}

export type TdsAnswer =
  | { readonly columns: readonly TdsColumn[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly error: TdsError }
  /** Several results of one request, followed by an optional error. */
  | { readonly results: readonly TdsResult[]; readonly error?: TdsError };

/** Size of the chunks in which rows are encoded, bytes. */
const PIECE_BYTES = 32_768;

/** Normalizes an answer into its parts. */
export function partsOf(answer: TdsAnswer): {
  readonly results: readonly TdsResult[];
  readonly error: TdsError | undefined;
} {
  if ('results' in answer) return { results: answer.results, error: answer.error };
  return 'rows' in answer ? { results: [answer], error: undefined } : { results: [], error: answer.error };
}

export interface SendOptions {
  readonly kind: 'batch' | 'rpc';
  readonly packetBytes: number;
  /** Tokens that end the message instead of a success. */
  readonly failure: readonly Buffer[] | null;
  /** Aborted when the client cancels. */
  readonly signal: AbortSignal;
}

/** Sends results and the end of the message. Rejects if the client has disconnected. */
export async function sendResults(
  client: Writable,
  results: readonly TdsResult[],
  { kind, packetBytes, failure, signal }: SendOptions,
): Promise<void> {
  const writer = createMessageWriter(client, PACKET.TABULAR_RESULT, packetBytes);
  const isProcedure = kind === 'rpc';
  for (const { columns, rows } of results) {
    await writer.write(columnsToken(columns));
    const sent = await sendRows(writer, columns, rows, signal);
    if (signal.aborted) break;
    const token = isProcedure ? DONE_TOKEN.inProcedure : DONE_TOKEN.done;
    await writer.write(doneToken(token, DONE_STATUS.count | DONE_STATUS.more, sent));
  }
  await writer.write(Buffer.concat(signal.aborted || failure === null ? goodEnd(isProcedure, signal) : failure));
  await writer.end();
}

/** A message stopped by an attention ends first; the acknowledgement follows. */
function goodEnd(isProcedure: boolean, signal: AbortSignal): Buffer[] {
  if (!isProcedure) return [doneToken(DONE_TOKEN.done, DONE_STATUS.final)];
  const done = doneToken(DONE_TOKEN.procedure, DONE_STATUS.final);
  return signal.aborted ? [done] : [returnStatusToken(), done];
}

/** Number of sent rows; none are sent after the signal is aborted. */
async function sendRows(
  writer: MessageWriter,
  columns: readonly TdsColumn[],
  rows: Iterable<readonly unknown[]>,
  signal: AbortSignal,
): Promise<number> {
  let sent = 0;
  const piece = createByteWriter(PIECE_BYTES * 2);
  for (const row of rows) {
    writeRow(piece, columns, row);
    sent++;
    if (piece.length < PIECE_BYTES) continue;
    await writer.write(piece.take());
    // Messages of the client, such as an attention, must be read meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return sent;
  }
  await writer.write(piece.take());
  return sent;
}
