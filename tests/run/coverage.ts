import { Glob } from 'bun';

/** Numbers of lines of code and of lines covered by tests. */
export interface Coverage {
  readonly lines: number;
  readonly covered: number;
  /** Files with code that no test loaded. All of their lines count as uncovered. */
  readonly neverLoaded: readonly string[];
}

interface FileLines {
  readonly lines: number;
  readonly covered: number;
}

/**
 * Line coverage of every TypeScript file under `src`.
 *
 * A file that no test loads is missing from the report. Its lines are counted after removing types, so a file with only
 * types has none.
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

/** From 0 to 100; 100 without code. */
export function coveragePercent({ lines, covered }: Coverage): number {
  return lines === 0 ? 100 : (covered / lines) * 100;
}

/** A line counts as covered if any report says so. */
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
