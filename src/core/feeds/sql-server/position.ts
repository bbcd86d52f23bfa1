import { isRecord, parseJson } from '../../runtime/json.ts';

/** The position of the mirror's rows, by feed mode. The mirror stores it as JSON. */
export type Position = TrackedPosition | CountedPosition | IntervalPosition;

/** What must be unchanged to resume from a position. */
interface Followed {
  /** Of the database. */
  readonly identity: string;
  /** Digest of tables and columns. */
  readonly schema: string;
}

export interface TrackedPosition extends Followed {
  readonly mode: 'change-tracking';
  readonly version: number;
}

export interface CountedPosition extends Followed {
  readonly mode: 'usage-statistics';
  /** When the server was started: it counts writes since then. */
  readonly started: string;
  /** By table, the counted writes that the rows include. */
  readonly writes: Readonly<Record<string, string>>;
  /** Tables to read once more, because a write is counted before it is committed. */
  readonly again: readonly string[];
}

export interface IntervalPosition extends Followed {
  readonly mode: 'interval';
}

/** Null for text that this program did not write. */
export function readPosition(text: string): Position | null {
  const value = parseJson(text);
  return isPosition(value) ? value : null;
}

export function writePosition(position: Position): string {
  return JSON.stringify(position);
}

/** A short hash of a text. */
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
