import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseJson } from '../../runtime/json.ts';
import { SessionOutdatedError } from '../feed-source.ts';

/** The mirror's position in the changes that a process has seen in a folder. */
export interface Position {
  /** Names the connection or the collections in memory; positions of others are invalid. */
  readonly instance: string;
  /** The last of our own changes. */
  readonly sequence: number;
  /** How many times another program's changes were noticed. */
  readonly generation: number;
  /** A hash of the catalog that the rows were read with. */
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

/** @returns null for the text of some other feed */
export function parsePosition(text: string): Position | null {
  const value = parseJson(text);
  return Value.Check(PositionText, value) ? value : null;
}

/** @throws SessionOutdatedError if the position is of another connection, so that changes since then are unknown */
export function positionOf(text: string, instance: string): Position {
  const position = parsePosition(text);
  if (position === null || position.instance !== instance) {
    throw new SessionOutdatedError('What happened since the last look is not known', true);
  }
  return position;
}
