import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { parseAssignments } from './env-file-parser.ts';

export const ENV_FILE = '.env';
/** Files that Bun reads besides `.env` by default. */
export const OTHER_FILES = [
  '.env.local',
  ...['development', 'production', 'test'].flatMap((mode) => [`.env.${mode}`, `.env.${mode}.local`]),
];

/**
 * Reads `.env` in a folder. Nothing in it is expanded: a `$` is a `$`.
 *
 * @returns absolute paths of the folder and the file; the file's is null if there is none
 * @throws ConfigError with file, line and advice when anything in it cannot be read
 */
export function readEnvFile(directory: string) {
  const folder = resolve(directory);
  const path = join(folder, ENV_FILE);
  const notices = OTHER_FILES.map((name) => join(folder, name))
    .filter((other) => existsSync(other))
    .map((other) => `${other} is not read: the only file that is read is ${ENV_FILE}`);
  const bytes = readBytes(path);
  if (bytes === null) return { path: null, folder, values: new Map<string, string>(), notices };
  return { path, folder, values: valuesOf(path, decode(path, bytes)), notices };
}

/** Null if there is no such file. */
function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
    throw new ConfigError([
      `${path}: ${UNREADABLE.get(code) ?? `cannot be read (${code}); allow the user of the server to read it`}`,
    ]);
  }
}

const UNREADABLE = new Map([
  ['ENOENT', 'is a link to a file that is not there; make it, or unlink it'],
  ['EISDIR', 'is a folder, but a file of variables is expected; rename the folder'],
]);

const SAVE_AS_UTF8 = 'save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)';

function decode(path: string, bytes: Buffer): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new ConfigError([`${path}: is in UTF-16, as PowerShell's > writes it; ${SAVE_AS_UTF8}`]);
  }
  // latin1 turns each byte into one character. In UTF-8, the byte of a line feed is never part of another character.
  const lines = bytes.toString('latin1').split('\n');
  const nul = lines.findIndex((line) => line.includes('\0'));
  if (nul >= 0) throw new ConfigError([`${path}, line ${nul + 1}: holds a NUL byte; ${SAVE_AS_UTF8}`]);
  const bad = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  if (bad >= 0) throw new ConfigError([`${path}, line ${bad + 1}: is not in UTF-8; ${SAVE_AS_UTF8}`]);
  return bytes.toString('utf8');
}

function valuesOf(path: string, text: string): Map<string, string> {
  const { assignments, problems } = parseAssignments(text);
  const found = problems.map(({ line, problem }) => `${path}, line ${line}: ${problem}`);
  const values = new Map<string, string>();
  const lines = new Map<string, number>();
  for (const { name, value, line } of assignments) {
    const before = values.get(name);
    if (before !== undefined && before !== value) {
      found.push(`${path}, line ${line}: ${name} has another value than in line ${lines.get(name)}; keep one of them`);
    }
    if (before === undefined) lines.set(name, line);
    values.set(name, value);
  }
  if (found.length > 0) throw new ConfigError(found);
  return values;
}
