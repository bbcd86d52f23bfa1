import type { Stage } from '../source.ts';
import { isFields } from './fields.ts';

/** Stages that hand documents on as they are, or make new ones of them. */
const READING = new Set(['$match', '$group', '$sort', '$limit', '$skip', '$count', '$sortByCount', '$bucket']);

/** Stages that copy a document and write to the copy, which still shares what is nested in it. */
const SHAPING = new Set(['$project', '$set', '$addFields']);

/**
 * Whether a pipeline can be given the documents themselves. mingo writes a dotted path (`$set: { 'a.b': 1 }`) into the
 * document that it read; a pipeline that might do so, in any stage, needs copies.
 */
export function canShareDocuments(stages: readonly Stage[]): boolean {
  return stages.every((stage) =>
    Object.entries(stage).every(([name, spec]) => READING.has(name) || (SHAPING.has(name) && isFlat(spec))),
  );
}

function isFlat(spec: unknown): boolean {
  return isFields(spec) && Object.entries(spec).every(([path, value]) => !path.includes('.') && !isNested(value));
}

/** `{ a: { b: 0 } }` is a path too. */
function isNested(value: unknown): boolean {
  return isFields(value) && !Object.keys(value).some((name) => name.startsWith('$'));
}
