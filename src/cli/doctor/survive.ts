import { broken, type Finding } from './finding.ts';

/** A bug in one look is a finding, and takes none of the others away. What it says may hold a secret: only its place is shown. */
export async function survive(
  what: string,
  look: () => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    const { name, stack = '' } = error instanceof Error ? error : new Error();
    const place = /at .*/.exec(stack)?.[0] ?? 'at an unknown place';
    return [broken(what, `the doctor failed: ${name} ${place}`, 'report this line as a bug; the other lines are true')];
  }
}
