/** The value of a field that is read; undefined for a value of any other type. */
export type Field = string | number | boolean | null | undefined;

/** Bytes that are not a MessagePack array. */
export class MessagePackError extends Error {
  override readonly name = 'MessagePackError';
}

/**
 * Reads the first fields of a MessagePack array and skips the rest.
 *
 * Skipped values are not decoded: a decoder that makes an array as long as its head says can be made to take
 * gigabytes by a record of a few kilobytes, in which each array is the first item of the one before.
 *
 * @param most how many fields are wanted
 * @throws MessagePackError when the bytes are not exactly one array
 */
export function readFields(bytes: Uint8Array, most: number): Field[] {
  const cursor = new Cursor(bytes);
  const count = cursor.arrayLength();
  const fields: Field[] = [];
  for (let index = 0; index < Math.min(count, most); index++) fields.push(cursor.field());
  cursor.skip(count - fields.length);
  if (!cursor.atEnd) throw new MessagePackError('Bytes follow the array');
  return fields;
}

/** Where the length of a value stands, or how long it is; sizes are in bytes. */
interface Layout {
  /** Of the length that follows the head. */
  readonly lengthSize: 0 | 1 | 2 | 4;
  /** What is there besides the length: of the value itself, or of its type. */
  readonly fixed: number;
  /** Whether the length counts bytes, items, or pairs of items. */
  readonly counts: 'bytes' | 'items' | 'pairs';
}

const bytesOf = (lengthSize: Layout['lengthSize'], fixed = 0): Layout => ({ lengthSize, fixed, counts: 'bytes' });
const itemsOf = (lengthSize: Layout['lengthSize']): Layout => ({ lengthSize, fixed: 0, counts: 'items' });
const pairsOf = (lengthSize: Layout['lengthSize']): Layout => ({ lengthSize, fixed: 0, counts: 'pairs' });

/** MessagePack specification, "Formats", from 0xc0 to 0xdf; null for the one that is never used. */
const LAYOUTS: readonly (Layout | null)[] = [
  ...[bytesOf(0), null, bytesOf(0), bytesOf(0)],
  // bin and ext, the latter with a type.
  ...[bytesOf(1), bytesOf(2), bytesOf(4), bytesOf(1, 1), bytesOf(2, 1), bytesOf(4, 1)],
  // float, uint and int.
  ...[4, 8, 1, 2, 4, 8, 1, 2, 4, 8].map((size) => bytesOf(0, size)),
  // fixext, with a type.
  ...[2, 3, 5, 9, 17].map((size) => bytesOf(0, size)),
  ...[bytesOf(1), bytesOf(2), bytesOf(4), itemsOf(2), itemsOf(4), pairsOf(2), pairsOf(4)],
];

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  arrayLength(): number {
    const head = this.#take(1);
    const tag = this.#view.getUint8(head);
    if (tag >= 0x90 && tag <= 0x9f) return tag & 0x0f;
    if (tag === 0xdc) return this.#view.getUint16(this.#take(2));
    if (tag === 0xdd) return this.#view.getUint32(this.#take(4));
    throw new MessagePackError('Not an array');
  }

  /** Reads one value. */
  field(): Field {
    const head = this.#at;
    this.skip(1);
    const tag = this.#view.getUint8(head);
    if (tag <= 0x7f) return tag;
    if (tag >= 0xe0) return tag - 0x100;
    if (tag >= 0xa0 && tag <= 0xbf) return this.#text(head + 1);
    if (tag >= 0xd9 && tag <= 0xdb) return this.#text(head + 1 + 2 ** (tag - 0xd9));
    if (tag === 0xc0) return null;
    if (tag === 0xc2 || tag === 0xc3) return tag === 0xc3;
    return this.#number(tag, head + 1);
  }

  /** Skips values, however deeply nested. */
  skip(values: number): void {
    for (let left = values; left > 0; left--) left += this.#skipOne();
  }

  /** @returns how many values are inside */
  #skipOne(): number {
    const tag = this.#view.getUint8(this.#take(1));
    if (tag <= 0x7f || tag >= 0xe0) return 0;
    if (tag <= 0x8f) return 2 * (tag & 0x0f);
    if (tag <= 0x9f) return tag & 0x0f;
    if (tag <= 0xbf) {
      this.#take(tag & 0x1f);
      return 0;
    }
    const layout = LAYOUTS[tag - 0xc0];
    if (layout === null || layout === undefined) throw new MessagePackError('A byte that begins no value');
    const length = this.#length(layout.lengthSize);
    this.#take(layout.fixed + (layout.counts === 'bytes' ? length : 0));
    return layout.counts === 'items' ? length : layout.counts === 'pairs' ? 2 * length : 0;
  }

  #length(size: Layout['lengthSize']): number {
    const at = this.#take(size);
    if (size === 0) return 0;
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  /** The text from a place on, which has been stepped over. */
  #text(start: number): string {
    try {
      return utf8.decode(this.#bytes.subarray(start, this.#at));
    } catch {
      throw new MessagePackError('Text that is not UTF-8');
    }
  }

  #number(tag: number, at: number): number | undefined {
    switch (tag) {
      case 0xca:
        return this.#view.getFloat32(at);
      case 0xcb:
        return this.#view.getFloat64(at);
      case 0xcc:
        return this.#view.getUint8(at);
      case 0xcd:
        return this.#view.getUint16(at);
      case 0xce:
        return this.#view.getUint32(at);
      case 0xcf:
        return Number(this.#view.getBigUint64(at));
      case 0xd0:
        return this.#view.getInt8(at);
      case 0xd1:
        return this.#view.getInt16(at);
      case 0xd2:
        return this.#view.getInt32(at);
      case 0xd3:
        return Number(this.#view.getBigInt64(at));
      default:
        return undefined;
    }
  }

  /** Moves on. @returns where the bytes start */
  #take(bytes: number): number {
    const start = this.#at;
    if (start + bytes > this.#bytes.byteLength) throw new MessagePackError('The bytes end within a value');
    this.#at = start + bytes;
    return start;
  }
}
