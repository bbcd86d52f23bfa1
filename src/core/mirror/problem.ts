/** A problem in the source's data (contract, section 2). */
export interface Problem {
  readonly kind: 'missing-column' | 'unreadable-value' | 'duplicate-key';
  readonly table: string;
  readonly column: string;
  /** The number of affected rows; 0 for a missing column. */
  readonly rows: number;
  /** The key of one affected row. */
  readonly example: string | null;
}
