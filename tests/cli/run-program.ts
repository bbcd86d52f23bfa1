import { join } from 'node:path';

export interface ProgramRun {
  readonly output: string;
  readonly errors: string;
  readonly exitCode: number;
}

/** Runs a program of `src/cli` with nothing in its environment but what is given, and no `.env` at hand. */
export async function runProgram(
  name: string,
  environment: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<ProgramRun> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, `../../src/cli/${name}.ts`), ...options], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    cwd: import.meta.dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { output, errors, exitCode };
}
