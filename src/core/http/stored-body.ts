import { compress } from './compress.ts';
import { CODINGS, type Coding } from './content-coding.ts';

/**
 * A body that is served many times, and its compressed forms: each is made once, when the first client asks for it.
 *
 * Every response shares the bytes of a Blob; it would have a copy of its own of any other body.
 */
export class StoredBody {
  readonly plain: Blob;
  readonly #compressed = new Map<Coding, Blob | Promise<Blob>>();

  /** @param compressed forms that were made before */
  constructor(plain: Blob, compressed: Partial<Record<Coding, Uint8Array<ArrayBuffer>>> = {}) {
    this.plain = plain;
    for (const coding of CODINGS) {
      const form = compressed[coding];
      if (form !== undefined) this.#compressed.set(coding, new Blob([form]));
    }
  }

  /** The body in a coding, at once where it was made before; as it is where the coding is undefined. */
  in(coding: Coding | undefined): Blob | Promise<Blob> {
    if (coding === undefined) return this.plain;
    const known = this.#compressed.get(coding);
    if (known !== undefined) return known;
    const made = this.#compress(coding);
    this.#compressed.set(coding, made);
    return made;
  }

  async #compress(coding: Coding): Promise<Blob> {
    try {
      const blob = new Blob([await compress(await this.plain.bytes(), coding)]);
      this.#compressed.set(coding, blob);
      return blob;
    } catch (error) {
      // The next client tries again.
      this.#compressed.delete(coding);
      throw error;
    }
  }
}
