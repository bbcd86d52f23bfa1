import { serveCalls, type WorkerPort } from '../../core/threads/calls.ts';
import { type EncodeHandlers, encodeTables } from './encode-tables.ts';

/** The Worker that encodes files: a large workbook takes much longer than the event loop may be blocked. */
declare const self: WorkerPort;

serveCalls(self, { encode: encodeTables } satisfies EncodeHandlers);
