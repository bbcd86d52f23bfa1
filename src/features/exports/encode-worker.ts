import { serveCalls, type WorkerPort } from '../../core/threads/calls.ts';
import { encodeCsv } from './csv.ts';
import { type EncodeHandlers, unpackTable } from './packed-table.ts';
import { encodeParquet } from './parquet.ts';
import { encodeXlsx } from './xlsx.ts';

/** The Worker that encodes files: a large workbook takes much longer than the event loop may be blocked. */
declare const self: WorkerPort;

serveCalls(self, {
  async encode(packed, encoding) {
    const tables = packed.map(unpackTable);
    if (encoding.format === 'xlsx') return encodeXlsx(tables, encoding.timeZone);
    const [table] = tables;
    if (table === undefined) throw new TypeError('There is no table to encode');
    return encoding.format === 'csv' ? encodeCsv(table, encoding.dialect) : encodeParquet(table, encoding.metadata);
  },
} satisfies EncodeHandlers);
