import { type Iterator as Documents, Lazy } from 'mingo/lazy';
import { $group as $groupAnything } from 'mingo/operators/pipeline';
import type { Options } from 'mingo/types';
import { HashMap } from 'mingo/util';
import { compareValues, type Fields, fieldReader } from './fields.ts';

/** A total over the documents of a group, carried from one document to the next; null before the first. */
type Step = (total: unknown, document: unknown) => unknown;

/**
 * `$group` in one pass for what figures mostly need: the key is a field or null, the totals are counts and the least
 * or greatest value of a field. Anything else is left to mingo's own stage, which is far slower over many documents.
 */
export function $group(documents: Documents, spec: { _id: unknown } & Fields, options: Options): Documents {
  const { _id, ...totals } = spec;
  const key = keyOf(_id);
  const steps = Object.entries(totals).map(([name, expression]) => ({ name, step: stepOf(expression) }));
  if (key === undefined || !steps.every(isSimple)) return $groupAnything(documents, spec, options);
  return documents.transform((all: unknown[]) => Lazy(groupBy(all, key, steps)));
}

interface Total {
  readonly name: string;
  readonly step: Step;
}

function isSimple(total: { name: string; step: Step | undefined }): total is Total {
  return total.step !== undefined;
}

function groupBy(
  documents: readonly unknown[],
  key: (document: unknown) => unknown,
  steps: readonly Total[],
): Fields[] {
  const groups = HashMap.init<unknown, unknown[]>();
  for (const document of documents) {
    const id = key(document);
    let totals = groups.get(id);
    if (totals === undefined) {
      totals = steps.map(() => null);
      groups.set(id, totals);
    }
    for (let index = 0; index < steps.length; index += 1) totals[index] = steps[index]?.step(totals[index], document);
  }
  return [...groups].map(([id, totals]) => ({
    _id: id,
    ...Object.fromEntries(steps.map(({ name }, index) => [name, totals[index]])),
  }));
}

function keyOf(expression: unknown): ((document: unknown) => unknown) | undefined {
  if (expression === null) return () => null;
  const path = fieldPath(expression);
  return path === undefined ? undefined : fieldReader(path);
}

function stepOf(expression: unknown): Step | undefined {
  const [operator, operand, ...others] = Object.entries(expression ?? {}).flat();
  if (others.length > 0) return undefined;
  if (operator === '$sum' && typeof operand === 'number') {
    return (total) => (typeof total === 'number' ? total + operand : operand);
  }
  const path = fieldPath(operand);
  if (path === undefined) return undefined;
  if (operator === '$min') return extreme(path, -1);
  if (operator === '$max') return extreme(path, 1);
  return undefined;
}

function extreme(path: string, direction: 1 | -1): Step {
  const read = fieldReader(path);
  return (total, document) => {
    const value = read(document);
    if (value === null) return total;
    return total === null || compareValues(value, total) * direction > 0 ? value : total;
  };
}

function fieldPath(expression: unknown): string | undefined {
  return typeof expression === 'string' && /^\$[^$]/.test(expression) ? expression.slice(1) : undefined;
}
