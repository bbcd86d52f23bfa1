/** The values of a feature's figures at one instant. */
export interface FigureValues {
  readonly feature: string;
  /** The database that they were computed from. Histories of different databases are never mixed. */
  readonly source: string;
  /** Paths of the figures. */
  readonly figures: readonly string[];
  /** In the order of `figures`; null if the figure had no value. */
  readonly values: readonly (number | null)[];
}

const BYTES_EACH = 8;

/** The blob of a row: 8 bytes per value; NaN, which no figure can be, for null. */
export function encodeValues(values: readonly (number | null)[]): Uint8Array {
  const bytes = new Uint8Array(values.length * BYTES_EACH);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat64(index * BYTES_EACH, value ?? Number.NaN, true);
  return bytes;
}

/** The value at an index; null if it is NaN or the blob has no such index. */
export function valueAt(bytes: Uint8Array, index: number): number | null {
  if (index < 0 || (index + 1) * BYTES_EACH > bytes.byteLength) return null;
  const value = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(index * BYTES_EACH, true);
  return Number.isNaN(value) ? null : value;
}
