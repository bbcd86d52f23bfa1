import { expect } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Visit } from './visit.ts';

const Rules = Type.Array(
  Type.Object({ id: Type.String(), nodes: Type.Array(Type.Object({ target: Type.Array(Type.Unknown()) })) }),
);
const Outcome = Type.Object({ violations: Rules, passes: Rules });

/** What axe, which the page has to have loaded, finds on it as it stands: rule and elements. */
export async function findings({ page }: Visit): Promise<string[]> {
  const run = `axe.run(document, { resultTypes: ['violations'] })`;
  const outcome: unknown = await page.evaluate(`${run}.then(({ violations, passes }) => ({ violations, passes }))`);
  const { violations, passes } = Value.Parse(Outcome, outcome);
  // On an empty page nothing is wrong either.
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
  return violations.map(({ id, nodes }) => {
    const targets = nodes.slice(0, 3).map(({ target }) => target.join(' '));
    return `${id} (${nodes.length}): ${targets.join('; ')}`;
  });
}
