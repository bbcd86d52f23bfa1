import type { Instant } from '../../core/figures/calendar.ts';

/** Parameters of a company: the same three values give the same rows on every machine. */
export interface CompanySpec {
  /** Any whole number. */
  readonly seed: number;
  /** The "now" of the company; no row is later. */
  readonly anchor: Instant;
  /** Factor for the number of rows: 10 for ten times as many, 0.02 for a small company. */
  readonly scale: number;
}

interface Size {
  readonly rows: number;
  /** Minimum rows of small companies, so that every code and oddity occurs. */
  readonly atLeast: number;
}

const SIZES = {
  users: { rows: 20_000, atLeast: 200 },
  payments: { rows: 60_000, atLeast: 600 },
  subscriptions: { rows: 8_000, atLeast: 150 },
  claims: { rows: 1_500, atLeast: 90 },
  chargebacks: { rows: 400, atLeast: 40 },
  courses: { rows: 60, atLeast: 12 },
  videos: { rows: 900, atLeast: 60 },
  files: { rows: 5_000, atLeast: 150 },
  tickets: { rows: 4_000, atLeast: 150 },
  logs: { rows: 20_000, atLeast: 500 },
} satisfies Record<string, Size>;

/** The number of rows in a table. */
export function sizeOf(table: keyof typeof SIZES, { scale }: CompanySpec): number {
  const { rows, atLeast } = SIZES[table];
  return Math.max(atLeast, Math.round(rows * scale));
}
