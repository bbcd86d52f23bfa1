import { expect, test } from 'bun:test';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { BSON } from 'mongodb';
import { inPieces } from '../pieces.ts';
import { startMongoEndpoint } from './endpoint.ts';
import { type Command, createCommandReader } from './wire.ts';

const OP_MSG = 2013;
const HEADER_BYTES = 16;

const command = fc.record({
  requestId: fc.nat(),
  document: fc.record({ ping: fc.integer(), text: fc.string(), $db: fc.constant('admin') }),
  sequence: fc.array(fc.record({ _id: fc.integer(), name: fc.string() }), { maxLength: 5 }),
});

/** A message with a body, and a document sequence where there are documents (MongoDB manual, "OP_MSG"). */
function messageOf(requestId: number, document: object, sequence: readonly object[]): Buffer {
  const body = Buffer.concat([Buffer.of(0), BSON.serialize(document)]);
  const documents = Buffer.concat(sequence.map((each) => BSON.serialize(each)));
  const name = Buffer.from('documents\0');
  const size = Buffer.alloc(4);
  size.writeInt32LE(4 + name.length + documents.length);
  const section = sequence.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.of(1), size, name, documents]);
  const header = Buffer.alloc(HEADER_BYTES + 4);
  header.writeInt32LE(header.length + section.length + body.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([header, section, body]);
}

function readAll(pieces: readonly Buffer[]): Command[] {
  const reader = createCommandReader();
  return pieces.flatMap((piece) => reader.feed(piece));
}

test('commands are read the same in whatever pieces they come', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 4 }), fc.array(fc.nat({ max: 90 })), (commands, cuts) => {
      const bytes = Buffer.concat(commands.map((each) => messageOf(each.requestId, each.document, each.sequence)));
      const expected = commands.map(({ requestId, document, sequence }) => ({
        requestId,
        document: sequence.length === 0 ? document : { documents: sequence, ...document },
        isLegacy: false,
      }));
      expect(readAll(inPieces(bytes, cuts))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('a byte at a time', () => {
  const bytes = messageOf(7, { ping: 1 }, []);
  const pieces = [...bytes].map((byte) => Buffer.of(byte));
  expect(readAll(pieces)).toEqual([{ requestId: 7, document: { ping: 1 }, isLegacy: false }]);
});

test('what is no message is refused, and nothing else is thrown', () => {
  const spoilt = fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
    const bytes = messageOf(1, { ping: 1, text: 'x' }, [{ _id: 1 }]);
    const index = at % bytes.length;
    bytes[index] = (bytes[index] ?? 0) ^ change;
    return bytes;
  });
  fc.assert(
    fc.property(
      fc.oneof(
        spoilt,
        fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      ),
      (bytes) => {
        try {
          readAll([bytes]);
        } catch (error) {
          expect(error).toMatchObject({ name: 'WireError' });
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a client that does not speak the protocol loses its connection', async () => {
  const endpoint = await startMongoEndpoint();
  const socket = connect({ host: '127.0.0.1', port: endpoint.port });
  socket.on('error', () => {});
  socket.resume();
  const closed = once(socket, 'close');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await closed;
  await endpoint.close();
});
