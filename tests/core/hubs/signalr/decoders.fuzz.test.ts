import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { decode, encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { type Field, MessagePackError, readFields } from '../../../../src/core/hubs/protocols/messagepack-fields.ts';
import { signalrDialects } from '../../../../src/core/hubs/signalr/dialect.ts';
import { type ClientRecord, MalformedRecordError } from '../../../../src/core/hubs/signalr/records.ts';
import { conversation, cutAt, encodeRecords, type ProtocolName, recordFields } from './arbitrary-input.ts';

// Machines that do other things besides take their time.
setDefaultTimeout(60_000);

const RUNS = { numRuns: 3_000 };

interface Outcome {
  readonly records: (ClientRecord | null)[];
  readonly error: string | null;
}

/** What a decoder makes of its input. Whatever it throws that is no MalformedRecordError fails the test. */
function outcomeOf(protocol: ProtocolName, pieces: readonly Uint8Array[]): Outcome {
  const decoder = signalrDialects[protocol].encoding.createDecoder();
  const records: (ClientRecord | null)[] = [];
  try {
    for (const piece of pieces) for (const record of decoder.push(piece)) records.push(record);
  } catch (error) {
    if (error instanceof MalformedRecordError) return { records, error: error.message };
    throw error;
  }
  return { records, error: null };
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });

describe.each(['json', 'messagepack'] as const)('the decoder of %s', (protocol) => {
  test('makes the same of the same bytes, however they are cut', async () => {
    const input = fc.record({ records: fc.array(recordFields, { maxLength: 8 }), cuts });
    await fc.assert(
      fc.property(input, ({ records, cuts }) => {
        const bytes = encodeRecords(protocol, records);
        const whole = outcomeOf(protocol, [bytes]);
        expect(outcomeOf(protocol, cutAt(bytes, cuts))).toEqual(whole);
        expect(
          outcomeOf(
            protocol,
            [...bytes].map((byte) => Uint8Array.of(byte)),
          ),
        ).toEqual(whole);
        if (whole.error === null) expect(whole.records).toBeArrayOfSize(records.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('makes records or a MalformedRecordError of anything, the same however it is cut', async () => {
    await fc.assert(
      fc.property(conversation, ({ pieces }) => {
        expect(outcomeOf(protocol, pieces)).toEqual(outcomeOf(protocol, [Buffer.concat(pieces)]));
      }),
      RUNS,
    );
  });
});

describe('fields of MessagePack', () => {
  const value = fc.oneof(
    fc.anything({ withTypedArray: true, maxDepth: 4, values: plainValues() }),
    fc.uint8Array({ maxLength: 300 }),
    fc.date({ noInvalidDate: true }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  );

  test('are those that a whole decoder finds', async () => {
    await fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.nat(20), (values, most) => {
        const bytes = encode(values, { useBigInt64: true });
        const expected = wholeArray(bytes);
        fc.pre(expected !== undefined);
        expect(readFields(bytes, most)).toEqual(expected.slice(0, most).map(asField));
      }),
      RUNS,
    );
  });

  test('of random bytes are fields or a MessagePackError', async () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 60 }).map(asArray));
    await fc.assert(
      fc.property(bytes, (random) => {
        try {
          expect(readFields(random, 4)).toBeArray();
        } catch (error) {
          expect(error).toBeInstanceOf(MessagePackError);
        }
      }),
      RUNS,
    );
  });

  test('cost next to nothing, however long the arrays in them claim to be', () => {
    const nested = Buffer.concat([
      Uint8Array.of(0x91),
      Buffer.alloc(60_000, Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)),
    ]);
    const before = process.memoryUsage().rss;
    for (let times = 0; times < 20; times++) expect(() => readFields(nested, 4)).toThrow(MessagePackError);
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });
});

function plainValues(): fc.Arbitrary<unknown>[] {
  return [fc.integer(), fc.double({ noNaN: true }), fc.string(), fc.boolean(), fc.constant(null)];
}

/** What a whole decoder makes of an array; undefined where it refuses a key for its own reasons. */
function wholeArray(bytes: Uint8Array): unknown[] | undefined {
  try {
    const value = decode(bytes, { useBigInt64: false });
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Only what a record needs is read: the rest is stepped over. */
function asField(value: unknown): Field {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    default:
      return value === null ? null : undefined;
  }
}

function asArray(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x90 + (bytes.length % 16)), bytes]);
}
