import { changeTrackingScript, loginScript, schemaScript } from '../company/sql-server-scripts.ts';
import { sqlTables } from '../company/tables.ts';
import { declaredVariables } from '../config/config.ts';
import type { Variable } from '../config/environment-reader.ts';

/**
 * Generates files from the code: the README's table of variables and `.env.example` from `src/config`, the scripts in `db/`
 * from the company's tables.
 */
const ROOT = new URL('../../', import.meta.url);
const BEGIN = '<!-- variables: made from src/config by `npm run document` -->';
const END = '<!-- end of variables -->';

/** A generated file. */
interface Document {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** All generated files with their expected content. */
export async function documents(): Promise<Document[]> {
  const readme = await Bun.file(new URL('README.md', ROOT)).text();
  return [
    { path: 'README.md', text: withVariables(readme) },
    { path: '.env.example', text: exampleFile() },
    { path: 'db/schema.sql', text: schemaScript(sqlTables) },
    { path: 'db/login.sql', text: loginScript(sqlTables) },
    { path: 'db/change-tracking.sql', text: changeTrackingScript(sqlTables) },
  ];
}

/** The variables in use, by section. */
function sections(): ReadonlyMap<string, Variable[]> {
  const used = declaredVariables().filter(({ isPlanned }) => !isPlanned);
  return Map.groupBy(used, ({ section }) => section);
}

/** The README with the table between its markers. */
function withVariables(readme: string): string {
  const start = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error('The README lacks the markers of the table of variables');
  const rows = [...sections()].flatMap(([title, variables]) => [`| **${title}** | | | |`, ...variables.map(row)]);
  const table = ['| variable | type | default | what it is |', '|---|---|---|---|', ...rows].join('\n');
  return `${readme.slice(0, start)}${BEGIN}\n${table}\n${readme.slice(end)}`;
}

function row({ names, type, fallback, fallbackWords, help }: Variable): string {
  const usual = fallbackWords ?? (fallback === null ? 'none' : `\`${fallback}\``);
  return `| ${names.map((name) => `\`${name}\``).join(', ')} | ${type} | ${usual} | ${help} |`;
}

const EXAMPLE_HEAD = `# Copy this to .env and uncomment what you need. Every line is commented out.
#
# The server reads the file .env, in UTF-8, of its working directory: with npm start and npm run … that is the folder of
# package.json. No other file is read. Variables of the process override it, unless they are empty.
# Nothing is expanded: a $ is a $. A # starts a comment only after a blank. A value in single quotes is kept unchanged,
# over several lines too; in double quotes \\n, \\" and \\\\ mean what they do in JSON.
#
# Made from src/config by \`npm run document\`.
`;

function exampleFile(): string {
  const parts = [...sections()].map(([title, variables]) => `# --- ${title} ---\n${variables.map(example).join('')}`);
  return [EXAMPLE_HEAD, ...parts].join('\n');
}

function example({ names: [name = '', ...others], type, help, ...variable }: Variable): string {
  const form = type === 'text' ? '' : ` (${type})`;
  const lines = [`# ${help.replaceAll('`', '')}${form}`, `#${name}=${variable.example ?? variable.fallback ?? ''}`];
  const same = others.flatMap((other) => [`# The same; ${name} wins if both are set`, `#${other}=`]);
  return [...lines, ...same].map((line) => `${line}\n`).join('');
}

if (import.meta.main) {
  for (const { path, text } of await documents()) await Bun.write(new URL(path, ROOT), text);
}
