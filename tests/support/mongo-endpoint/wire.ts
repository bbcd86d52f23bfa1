import { BSON, type Document } from 'mongodb';

/** A message that requires an answer (MongoDB manual, "MongoDB Wire Protocol"). */
export interface Command {
  readonly requestId: number;
  readonly document: Document;
  /** OP_QUERY, which a driver uses for its first hello. */
  readonly isLegacy: boolean;
}

/** The peer does not speak the protocol. */
class WireError extends Error {
  override readonly name = 'WireError';
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
const CHECKSUM_PRESENT = 1;
const LARGEST_MESSAGE = 48_000_000;

/** Assembles chunks of bytes into commands. */
export interface CommandReader {
  /** @throws WireError for what is no message */
  feed(bytes: Buffer): Command[];
}

export function createCommandReader(): CommandReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    feed(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const commands: Command[] = [];
      while (rest.length >= HEADER_BYTES) {
        const length = rest.readInt32LE(0);
        if (length < HEADER_BYTES || length > LARGEST_MESSAGE) throw new WireError(`A message of ${length} bytes`);
        if (rest.length < length) break;
        commands.push(readCommand(rest.subarray(0, length)));
        rest = rest.subarray(length);
      }
      return commands;
    },
  };
}

function readCommand(message: Buffer): Command {
  const requestId = message.readInt32LE(4);
  const operation = message.readInt32LE(12);
  try {
    if (operation === OP_MSG) return { requestId, document: readSections(message), isLegacy: false };
    if (operation === OP_QUERY) return { requestId, document: readQuery(message), isLegacy: true };
  } catch (error) {
    throw new WireError('A message that cannot be read', { cause: error });
  }
  throw new WireError(`An operation ${operation}`);
}

/** The body, with each document sequence as an array of its name. */
function readSections(message: Buffer): Document {
  const flags = message.readUInt32LE(HEADER_BYTES);
  const end = message.length - ((flags & CHECKSUM_PRESENT) === 0 ? 0 : 4);
  const document: Document = {};
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message.readUInt8(at++);
    const size = message.readInt32LE(at);
    if (size < 5 || at + size > end) throw new WireError('A section that is longer than its message');
    const section = message.subarray(at, at + size);
    at += size;
    if (kind === 0) Object.assign(document, BSON.deserialize(section));
    else Object.assign(document, readSequence(section));
  }
  return document;
}

function readSequence(section: Buffer): Document {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at)) {
    const size = section.readInt32LE(at);
    if (size < 5) throw new WireError('A document that is shorter than any');
    documents.push(BSON.deserialize(section.subarray(at, at + size)));
  }
  return { [section.toString('utf8', 4, nameEnd)]: documents };
}

function readQuery(message: Buffer): Document {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const at = nameEnd + 9;
  return BSON.deserialize(message.subarray(at, at + message.readInt32LE(at)));
}

/** An answer in the format of its request. */
export function replyTo({ requestId, isLegacy }: Command, document: Document): Buffer {
  const body = Buffer.from(BSON.serialize(document));
  const head = isLegacy ? Buffer.alloc(20) : Buffer.alloc(5);
  if (isLegacy) head.writeInt32LE(1, 16);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + head.length + body.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(isLegacy ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, head, body]);
}
