import { dirname, join, posix, relative } from 'node:path';
import { Glob } from 'bun';

/**
 * How a test file is run:
 *
 * - `fast` stays inside its own process: no database's wire protocol, no other program, no browser.
 * - `slow` uses one of those, tries many random values (`.property.test.ts`, `.fuzz.test.ts`), or takes over five seconds for
 *   another reason (`.long.test.ts`).
 * - `alone` measures real time (`.timing.test.ts`): nothing else runs beside it.
 */
export type Lane = 'fast' | 'slow' | 'alone';

export const LANES: readonly Lane[] = ['fast', 'slow', 'alone'];

/** Lanes by suffix, as in `stop.timing.test.ts`. */
const SUFFIXES: ReadonlyMap<string, Lane> = new Map([
  ['property', 'slow'],
  ['fuzz', 'slow'],
  ['long', 'slow'],
  ['timing', 'alone'],
]);

/** Code that makes every test importing it slow. */
const OUTSIDE_THE_PROCESS = /\bBun\.spawn|\bcreateServer\(|from '(?:node:child_process|playwright-core)'/;

/** Test files by lane, and those with an unknown suffix. Paths are relative to `root`. */
export interface SortedTests {
  readonly lanes: Readonly<Record<Lane, readonly string[]>>;
  readonly unassigned: readonly string[];
}

/** Sorts every test file under `root`: by the suffix of its name, else by what it and the test code it imports use. */
export async function sortTests(root: string): Promise<SortedTests> {
  const files = (await Array.fromAsync(new Glob('tests/**/*.test.ts').scan(root))).map(withSlashes).sort();
  const modules = new Map<string, Promise<Module>>();
  const sorted = { fast: [] as string[], slow: [] as string[], alone: [] as string[] };
  const unassigned: string[] = [];
  for (const file of files) {
    const suffix = /\.([^./]+)\.test\.ts$/.exec(file)?.[1];
    const lane = suffix === undefined ? await laneByReach(file, root, modules) : SUFFIXES.get(suffix);
    if (lane === undefined) unassigned.push(file);
    else sorted[lane].push(file);
  }
  return { lanes: sorted, unassigned };
}

/**
 * Parses the arguments of a run: every lane without arguments, the lanes of `--lane=fast,alone`, or no lane with other
 * arguments only.
 *
 * @throws Error if a lane does not exist
 */
export function lanesOf(args: readonly string[]): { readonly chosenLanes: readonly Lane[]; readonly args: string[] } {
  const flag = '--lane=';
  const names = args.filter((arg) => arg.startsWith(flag)).flatMap((arg) => arg.slice(flag.length).split(','));
  const unknown = names.find((name) => !LANES.some((lane) => lane === name));
  if (unknown !== undefined) throw new Error(`There is no lane ${unknown}: give one of ${LANES.join(', ')}`);
  const chosenLanes = args.length === 0 ? LANES : LANES.filter((lane) => names.includes(lane));
  return { chosenLanes, args: args.filter((arg) => !arg.startsWith(flag)) };
}

interface Module {
  readonly leavesProcess: boolean;
  /** Test code that it imports. */
  readonly imports: readonly string[];
}

async function laneByReach(file: string, root: string, modules: Map<string, Promise<Module>>): Promise<Lane> {
  const reached = new Set([file]);
  for (const path of reached) {
    const reading = modules.get(path) ?? readModule(path, root);
    modules.set(path, reading);
    const { leavesProcess, imports } = await reading;
    if (leavesProcess) return 'slow';
    for (const imported of imports) reached.add(imported);
  }
  return 'fast';
}

const transpiler = new Bun.Transpiler({ loader: 'ts' });

async function readModule(path: string, root: string): Promise<Module> {
  const source = await Bun.file(join(root, path)).text();
  const imports = transpiler
    .scanImports(source)
    .filter((imported) => imported.path.startsWith('.'))
    .map((imported) => withSlashes(relative(root, join(root, dirname(path), imported.path))))
    .filter((imported) => imported.startsWith('tests/') && posix.extname(imported) === '.ts');
  return { leavesProcess: OUTSIDE_THE_PROCESS.test(source), imports };
}

function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}
