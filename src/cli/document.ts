import { changeTrackingScript, loginScript, schemaScript } from '../company/sql-server-scripts.ts';
import { sqlTables } from '../company/tables.ts';
import type { Variable } from '../config/readers.ts';
import { VARIABLES } from '../config/variables.ts';

/**
 * Writes what follows from the code: the README's table of variables from the configuration, and the scripts in `db/` from
 * the company's tables.
 */
const ROOT = new URL('../../', import.meta.url);
const BEGIN = '<!-- variables: made from src/config by `npm run document` -->';
const END = '<!-- end of variables -->';

/** A file in the repository, and what it has to hold. */
interface Document {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every file that is made, as it should be. */
export async function documents(): Promise<Document[]> {
  const readme = await Bun.file(new URL('README.md', ROOT)).text();
  return [
    { path: 'README.md', text: withVariables(readme) },
    { path: 'db/schema.sql', text: schemaScript(sqlTables) },
    { path: 'db/login.sql', text: loginScript(sqlTables) },
    { path: 'db/change-tracking.sql', text: changeTrackingScript(sqlTables) },
  ];
}

/** The table as Markdown. */
function variablesTable(): string {
  const used = Object.entries<Variable<unknown>>(VARIABLES).filter(([, { isPlanned = false }]) => !isPlanned);
  const rows = used.map(([name, variable]) => {
    const names = [name, ...(variable.alsoNamed ?? [])].map((each) => `\`${each}\``).join(', ');
    return `| ${names} | ${variable.type} | ${describeFallback(variable)} | ${variable.help} |`;
  });
  return ['| variable | type | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
}

/** A README with the table set in between its marks. */
function withVariables(readme: string): string {
  const start = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error('The README has lost the marks of the table of variables');
  return `${readme.slice(0, start)}${BEGIN}\n${variablesTable()}\n${readme.slice(end)}`;
}

function describeFallback({ fallback, fallbackText }: Variable<unknown>): string {
  if (fallbackText !== undefined) return fallbackText;
  if (fallback === null) return 'none';
  return Array.isArray(fallback) ? fallback.map((item) => `\`${item}\``).join(', ') : `\`${String(fallback)}\``;
}

if (import.meta.main) {
  for (const { path, text } of await documents()) await Bun.write(new URL(path, ROOT), text);
}
