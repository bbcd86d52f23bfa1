const FIRST_CAPACITY = 256;

/** Bytes that gather in pieces of any size and leave at the front, each copied a bounded number of times. */
export class ByteBuffer {
  #store = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** What is there; good until the next call. */
  get bytes(): Uint8Array {
    return this.#store.subarray(this.#start, this.#end);
  }

  append(piece: Uint8Array): void {
    if (this.#end + piece.byteLength > this.#store.byteLength) this.#makeRoom(piece.byteLength);
    this.#store.set(piece, this.#end);
    this.#end += piece.byteLength;
  }

  dropFirst(count: number): void {
    this.#start += count;
    if (this.#start < this.#end) return;
    // Nothing is kept for a client between its records: there may be many who are quiet.
    this.#store = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }

  /** Gives back room that is not needed: a large frame may end with the beginning of a record. */
  compact(): void {
    if (this.#store.byteLength <= Math.max(FIRST_CAPACITY, 2 * this.length)) return;
    this.#store = this.#store.slice(this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  #makeRoom(more: number): void {
    const kept = this.bytes;
    let capacity = Math.max(FIRST_CAPACITY, this.#store.byteLength);
    while (capacity < kept.byteLength + more) capacity *= 2;
    const store = new Uint8Array(capacity);
    store.set(kept);
    this.#store = store;
    this.#end = kept.byteLength;
    this.#start = 0;
  }
}
