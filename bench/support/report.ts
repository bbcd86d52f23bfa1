import { cpus, loadavg, totalmem } from 'node:os';

/** The target of a figure. */
export interface Target {
  readonly words: string;
  readonly measured: number;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Prints what is measured, and on what machine. */
export function printHeading(title: string): void {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  console.log(`\n${title}`);
  console.log(
    `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${memory} GB, Bun ${Bun.version}, load ${load}\n`,
  );
}

/** A table with columns as wide as their widest cell, numbers right-aligned. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const table = [head, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? figure(cell) : cell)))];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`  ${cells.join('   ').trimEnd()}`);
  }
  console.log('');
}

/** Each target with `ok` or `MISSED`. A missed target does not fail the benchmark. */
export function printTargets(targets: readonly Target[]): void {
  for (const {
    words,
    measured,
    unit,
    atLeast = Number.NEGATIVE_INFINITY,
    atMost = Number.POSITIVE_INFINITY,
  } of targets) {
    const wanted = atMost === Number.POSITIVE_INFINITY ? `at least ${atLeast}` : `at most ${atMost}`;
    const verdict = measured >= atLeast && measured <= atMost ? 'ok' : 'MISSED';
    console.log(`  ${verdict.padEnd(6)}  ${words}: ${figure(measured)}${unit} (${wanted}${unit})`);
  }
}

/** Three significant digits. */
function figure(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
