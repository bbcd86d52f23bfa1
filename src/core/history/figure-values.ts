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

/** The value at an index; null if it is NaN or there is no such index. */
export type ValueAt = (index: number) => number | null;

/** Reads the blob of a row. */
export function readValues(bytes: Uint8Array): ValueAt {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (index) => {
    if (index < 0 || (index + 1) * BYTES_EACH > view.byteLength) return null;
    const value = view.getFloat64(index * BYTES_EACH, true);
    return Number.isNaN(value) ? null : value;
  };
}
