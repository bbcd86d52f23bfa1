import { Glob } from 'bun';

/** Lines of code, and those of them that a test ran. */
export interface Coverage {
  readonly lines: number;
  readonly covered: number;
  /** Files with code that no test loaded; every line of theirs counts as uncovered. */
  readonly neverLoaded: readonly string[];
}

interface FileLines {
  readonly lines: number;
  readonly covered: number;
}

/**
 * Line coverage of every TypeScript file under `src`.
 *
 * A file that no test loads has no entry in the report and would count for nothing: its lines are counted from what is
 * left of it without types. A file of types alone has none.
 *
 * @param lcov reports of one or more runs, one after the other, with paths relative to `root`
 */
export async function measureCoverage(lcov: string, root: string): Promise<Coverage> {
  const measured = readLcov(lcov);
  const neverLoaded: string[] = [];
  let lines = 0;
  let covered = 0;
  for (const path of (await Array.fromAsync(new Glob('src/**/*.ts').scan(root))).sort()) {
    const file = measured.get(path) ?? { lines: countLines(await Bun.file(`${root}/${path}`).text()), covered: 0 };
    if (!measured.has(path) && file.lines > 0) neverLoaded.push(path);
    lines += file.lines;
    covered += file.covered;
  }
  return { lines, covered, neverLoaded };
}

/** From 0 to 100; no code at all is fully covered. */
export function coveragePercent({ lines, covered }: Coverage): number {
  return lines === 0 ? 100 : (covered / lines) * 100;
}

/** A file that several reports name is covered where any of them says so. */
function readLcov(lcov: string): Map<string, FileLines> {
  const hits = new Map<string, Map<string, boolean>>();
  for (const record of lcov.split('end_of_record')) {
    const path = /^SF:(.*)$/m.exec(record)?.[1]?.replaceAll('\\', '/');
    if (path === undefined) continue;
    const lines = hits.get(path) ?? new Map<string, boolean>();
    hits.set(path, lines);
    for (const [, line = '', count] of record.matchAll(/^DA:(\d+),(\d+)/gm)) {
      lines.set(line, lines.get(line) === true || Number(count) > 0);
    }
  }
  return new Map(
    [...hits].map(([path, lines]) => [
      path,
      { lines: lines.size, covered: [...lines.values()].filter((isHit) => isHit).length },
    ]),
  );
}

const transpiler = new Bun.Transpiler({ loader: 'ts' });

function countLines(source: string): number {
  return transpiler
    .transformSync(source)
    .split('\n')
    .filter((line) => /\w/.test(line)).length;
}
