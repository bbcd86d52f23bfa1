/** A problem in the source's data (contract, section 2). */
export interface Problem {
  readonly kind: 'missing-column' | 'unreadable-value' | 'duplicate-key';
  readonly table: string;
  readonly column: string;
  /** How many rows it concerns; 0 for a column that is not there. */
  readonly rows: number;
  /** The key of one such row. */
  readonly example: string | null;
}
