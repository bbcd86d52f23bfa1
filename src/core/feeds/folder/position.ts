import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseJson } from '../../runtime/json.ts';
import { SessionOutdatedError } from '../feed-source.ts';

/** The mirror's position in the changes that this process has seen. */
export interface Position {
  /** Identifies the connection or the collections in memory; other positions are invalid. */
  readonly instance: string;
  /** The number of our last change. */
  readonly sequence: number;
  /** How often changes by other programs were detected. */
  readonly generation: number;
  /** A hash of the catalog. */
  readonly catalog: string;
}

const PositionText = Type.Object({
  instance: Type.String(),
  sequence: Type.Integer(),
  generation: Type.Integer(),
  catalog: Type.String(),
});

export function formatPosition(position: Position): string {
  return JSON.stringify(position);
}

/** @returns null for text of another feed */
export function parsePosition(text: string): Position | null {
  const value = parseJson(text);
  return Value.Check(PositionText, value) ? value : null;
}

/** @throws SessionOutdatedError if the position is of another connection, so that changes since then are unknown */
export function positionOf(text: string, instance: string): Position {
  const position = parsePosition(text);
  if (position === null || position.instance !== instance) {
    throw new SessionOutdatedError('The changes since the position are unknown', true);
  }
  return position;
}
