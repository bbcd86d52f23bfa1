import { broken, type Finding } from './finding.ts';

/** Turns a bug in one check into a finding, so the others go on. Its message may hold a secret: only its place is shown. */
export async function catchBugs(
  what: string,
  check: () => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return [await check()].flat();
  } catch (error) {
    const { name, stack = '' } = error instanceof Error ? error : new Error();
    const place = /at .*/.exec(stack)?.[0] ?? 'at an unknown place';
    return [broken(what, `the doctor failed: ${name} ${place}`, 'report this line as a bug; the other lines are true')];
  }
}
