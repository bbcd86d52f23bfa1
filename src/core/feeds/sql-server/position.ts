import { isRecord, parseJson } from '../../runtime/json.ts';

/** Up to where the rows of the mirror hold, by the way that changes are noticed. Kept by the mirror as JSON text. */
export type Position = TrackedPosition | CountedPosition | IntervalPosition;

/** What has to be equal for rows that were read before to be followed on from. */
interface Followed {
  /** Of the database. */
  readonly identity: string;
  /** Digest of the tables and columns that were there. */
  readonly schema: string;
}

export interface TrackedPosition extends Followed {
  readonly mode: 'change-tracking';
  readonly version: number;
}

export interface CountedPosition extends Followed {
  readonly mode: 'usage-statistics';
  /** When the server was started, since which it counts. */
  readonly started: string;
  /** The writes to each table that its rows contain. */
  readonly writes: Readonly<Record<string, string>>;
  /** Tables to be read once more, because a write is counted before it is committed. */
  readonly again: readonly string[];
}

export interface IntervalPosition extends Followed {
  readonly mode: 'interval';
}

/** A position that was written by this program; null for any other text. */
export function readPosition(text: string): Position | null {
  const value = parseJson(text);
  return isPosition(value) ? value : null;
}

export function writePosition(position: Position): string {
  return JSON.stringify(position);
}

/** Short text that differs when the given one does. */
export function digest(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text).digest('hex').slice(0, 16);
}

function isPosition(value: unknown): value is Position {
  if (!isRecord(value) || typeof value.identity !== 'string' || typeof value.schema !== 'string') return false;
  switch (value.mode) {
    case 'change-tracking':
      return Number.isSafeInteger(value.version);
    case 'usage-statistics':
      return typeof value.started === 'string' && isTexts(value.writes) && Array.isArray(value.again);
    default:
      return value.mode === 'interval';
  }
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((one) => typeof one === 'string');
}
