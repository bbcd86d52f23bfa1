import { expect, test } from 'bun:test';
import { connect } from 'node:net';
import fc from 'fast-check';
import sql from 'mssql';
import { inPieces } from '../pieces.ts';
import { startTdsEndpoint } from './endpoint.ts';
import { createMessageReader, type Message, ProtocolError, packetsOf } from './packets.ts';

const message = fc.record({
  type: fc.constantFrom(1, 3, 6, 14, 16, 18),
  payload: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
});

function readAll(pieces: readonly Buffer[]): Message[] {
  const reader = createMessageReader();
  return pieces.flatMap((piece) => reader.feed(piece));
}

test('messages are read the same in whatever packets and pieces they come', () => {
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 4 }),
      fc.integer({ min: 9, max: 512 }),
      fc.array(fc.nat({ max: 700 })),
      (messages, packetBytes, cuts) => {
        const bytes = Buffer.concat(messages.map(({ type, payload }) => packetsOf(type, payload, packetBytes)));
        expect(readAll(inPieces(bytes, cuts))).toEqual(messages);
      },
    ),
    { numRuns: 500 },
  );
});

test('a byte at a time', () => {
  const payload = Buffer.from('select 1', 'utf16le');
  const pieces = [...packetsOf(1, payload, 12)].map((byte) => Buffer.of(byte));
  expect(readAll(pieces)).toEqual([{ type: 1, payload }]);
});

test('what is no message is refused, and nothing else is thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        readAll([Buffer.from(bytes)]);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a client that does not speak the protocol loses its connection, and others are served', async () => {
  const endpoint = await startTdsEndpoint({ answer: () => ({ columns: [{ name: 'one', type: 'int' }], rows: [[1]] }) });
  for (const sent of [
    'GET / HTTP/1.1\r\n\r\n',
    '\u0012\u0001\u0000\u0004',
    '\u0012\u0001\u0000\u0009\u0000\u0000\u0000\u0000\u0000',
  ]) {
    const socket = connect({ host: '127.0.0.1', port: endpoint.port });
    const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.on('error', () => {});
    socket.resume();
    socket.end(Buffer.from(sent, 'latin1'));
    await ended;
  }
  const pool = await new sql.ConnectionPool({
    ...{ server: '127.0.0.1', port: endpoint.port, user: 'reader', password: 'secret' },
    options: { trustServerCertificate: true },
  }).connect();
  expect([...(await pool.query('select 1 as one')).recordset]).toEqual([{ one: 1 }]);
  await pool.close();
  await endpoint.close();
});
