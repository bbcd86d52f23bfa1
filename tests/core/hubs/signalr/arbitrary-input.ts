import * as fc from 'fast-check';
import { handshake, json, messagePack } from '../../../support/signalr-wire.ts';

export type ProtocolName = 'json' | 'messagepack';

/** Values that a record's field may hold, most of them wrong. */
const oddity = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, '', '\u0000', 'x'.repeat(300), 'é🎈', null, [], {}),
);
const target = fc.oneof(
  fc.constantFrom('GetInitialData', 'ForceUpdate', 'SubscribeToStatus', 'SubscribeToX', 'StreamSnapshots', 'Nope'),
  fc.string(),
);
const id = fc.oneof(fc.constantFrom('1', '2', '3'), fc.string({ maxLength: 5 }));
const type = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(1, 1, 1, 1, 4, 4, 5, 6, 8, 2, 3) },
  { weight: 3, arbitrary: fc.constantFrom(7, 9) },
  { weight: 1, arbitrary: oddity },
);

/** The fields of a record, of which some may be anything. */
interface RecordFields {
  readonly type: unknown;
  readonly invocationId: unknown;
  readonly target: unknown;
  readonly sequenceId: unknown;
  readonly arguments: unknown;
}

const orOdd = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: oddity });

export const recordFields: fc.Arbitrary<RecordFields> = fc.record({
  type,
  invocationId: orOdd(id),
  target: orOdd(target),
  sequenceId: orOdd(fc.integer({ min: 0, max: 5 })),
  arguments: orOdd(fc.array(oddity, { maxLength: 3 })),
});

/** Records as they go over the wire. */
export function encodeRecords(protocol: ProtocolName, records: readonly RecordFields[]): Uint8Array {
  if (protocol === 'json') return Buffer.from(json(...records));
  return messagePack(...records.map(packedFields));
}

function packedFields({ type, invocationId, target, sequenceId, arguments: args }: RecordFields): unknown[] {
  if (type === 6) return [type];
  if (type === 7) return [type, target];
  if (type === 8 || type === 9) return [type, sequenceId];
  return [type, {}, invocationId, target, args, []];
}

/** Input that no encoder makes. */
const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.integer({ min: 1, max: 20_000 }).map((depth) => Buffer.from(`{"type":1,"a":${'['.repeat(depth)}\u001e`)),
  fc.integer({ min: 1, max: 9_000 }).map((depth) => Buffer.alloc(3 * depth, Uint8Array.of(0xdc, 0xff, 0xff))),
  fc
    .constantFrom('{"type":1e999}\u001e', '{"type":6,"type":7}\u001e', '{"__proto__":{"type":6}}\u001e')
    .map(Buffer.from),
  fc
    .constantFrom([0xff, 0xff, 0xff, 0xff, 0x0f], [0x00], [0x80, 0x80], [0x05, 0xc1], [0x02, 0x91, 0xc1])
    .map(Buffer.from),
);

/** What stands between a flawless conversation and one in which bytes are lost, doubled or changed. */
const damage = fc.oneof(
  { weight: 4, arbitrary: fc.constant((bytes: Uint8Array) => bytes) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => changeByte(at, byte)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.nat(30)).map(([at, count]) => drop(at, count)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), garbage).map(([at, more]) => insert(at, more)) },
);

function changeByte(at: number, byte: number) {
  return (bytes: Uint8Array) => bytes.map((old, index) => (index === at % bytes.length ? byte : old));
}

function drop(at: number, count: number) {
  return (bytes: Uint8Array) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + count)]);
  };
}

function insert(at: number, more: Uint8Array) {
  return (bytes: Uint8Array) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), more, bytes.subarray(start)]);
  };
}

export interface Conversation {
  readonly protocol: ProtocolName;
  /** Everything that a client sends, in the pieces it comes in. */
  readonly pieces: readonly Uint8Array[];
}

/** What clients send, from the flawless to the senseless. */
export const conversation: fc.Arbitrary<Conversation> = fc
  .record({
    protocol: fc.constantFrom<ProtocolName>('json', 'messagepack'),
    records: fc.array(recordFields, { maxLength: 12 }),
    shakesHands: fc.integer({ min: 0, max: 19 }).map((chance) => chance > 0),
    damage,
    cuts: fc.array(fc.nat(), { maxLength: 6 }),
  })
  .map(({ protocol, records, shakesHands, damage: harm, cuts }) => {
    const opening = shakesHands ? Buffer.from(handshake(protocol)) : Buffer.alloc(0);
    const bytes = Buffer.concat([opening, harm(encodeRecords(protocol, records))]);
    return { protocol, pieces: cutAt(bytes, cuts) };
  });

/** @param cuts where, modulo the length */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}
