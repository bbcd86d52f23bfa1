import { VARIABLES } from '../config.ts';

/** Writes the README's table of variables from the one place that defines them. */
const README = new URL('../../README.md', import.meta.url);
const BEGIN = '<!-- variables: made from src/config.ts by `bun run document` -->';
const END = '<!-- end of variables -->';

/** The table as Markdown. */
export function variablesTable(): string {
  const rows = Object.entries(VARIABLES).map(([name, variable]) => {
    const names = [name, ...(variable.alsoNamed ?? [])].map((each) => `\`${each}\``).join(', ');
    return `| ${names} | ${variable.type} | ${describeFallback(variable)} | ${variable.help} |`;
  });
  return ['| variable | type | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
}

/** A README with the table set in between its marks. */
export function withVariables(readme: string): string {
  const start = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error('The README has lost the marks of the table of variables');
  return `${readme.slice(0, start)}${BEGIN}\n${variablesTable()}\n${readme.slice(end)}`;
}

function describeFallback({ fallback, fallbackText }: { fallback: unknown; fallbackText?: string }): string {
  if (fallbackText !== undefined) return fallbackText;
  if (fallback === null) return 'none';
  return Array.isArray(fallback) ? fallback.map((item) => `\`${item}\``).join(', ') : `\`${String(fallback)}\``;
}

if (import.meta.main) await Bun.write(README, withVariables(await Bun.file(README).text()));
