import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { parseAssignments } from './env-file-parser.ts';

/** Variables of the file `.env` in one folder. */
export interface EnvFile {
  /** Absolute path; null where there is none. */
  readonly path: string | null;
  /** Absolute path of the folder that was looked in. */
  readonly folder: string;
  readonly values: ReadonlyMap<string, string>;
  readonly notices: readonly string[];
}

export const ENV_FILE = '.env';
/** What Bun reads besides `.env`, where nobody tells it not to. */
export const OTHER_FILES = [
  '.env.local',
  ...['development', 'production', 'test'].flatMap((mode) => [`.env.${mode}`, `.env.${mode}.local`]),
];

/**
 * Reads `.env` in a folder. Nothing in it is expanded: a `$` is a `$`.
 *
 * @throws ConfigError with file, line and advice when anything in it cannot be read
 */
export function readEnvFile(folder: string): EnvFile {
  const absolute = resolve(folder);
  const path = join(absolute, ENV_FILE);
  const notices = OTHER_FILES.filter((name) => existsSync(join(absolute, name))).map(
    (name) => `${join(absolute, name)} is not read: the only file that is read is ${ENV_FILE}`,
  );
  const bytes = readBytes(path);
  if (bytes === null) return { path: null, folder: absolute, values: new Map(), notices };
  return { path, folder: absolute, values: valuesOf(path, decode(path, bytes)), notices };
}

/** Null where there is no such file. */
function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
    if (code === 'ENOENT')
      throw new ConfigError([`${path}: is a link to a file that is not there; make it, or unlink it`]);
    if (code === 'EISDIR') {
      throw new ConfigError([`${path}: is a folder, and a file of variables is looked for there; rename the folder`]);
    }
    throw new ConfigError([
      `${path}: cannot be read (${String(code ?? error)}); allow the user of the server to read it`,
    ]);
  }
}

const SAVE_AS_UTF8 = 'save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)';

function decode(path: string, bytes: Buffer): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new ConfigError([`${path}: is in UTF-16, as PowerShell's > writes it; ${SAVE_AS_UTF8}`]);
  }
  if (bytes.includes(0)) {
    throw new ConfigError([`${path}, line ${lineOf(bytes, bytes.indexOf(0))}: holds a NUL byte; ${SAVE_AS_UTF8}`]);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError([`${path}${placeOfBadText(bytes)}: is not in UTF-8; ${SAVE_AS_UTF8}`]);
  }
}

function lineOf(bytes: Buffer, position: number): number {
  return bytes.subarray(0, position).filter((byte) => byte === 0x0a).length + 1;
}

/** No byte of a character in UTF-8 is a line feed but the line feed itself. */
function placeOfBadText(bytes: Buffer): string {
  const decoder = new TextDecoder();
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end + 1;
    const text = bytes.subarray(start, stop);
    if (!Buffer.from(decoder.decode(text)).equals(text)) return `, line ${line}`;
    start = stop;
  }
  return '';
}

function valuesOf(path: string, text: string): Map<string, string> {
  const { assignments, problems } = parseAssignments(text);
  const told = problems.map(({ line, problem }) => `${path}, line ${line}: ${problem}`);
  const values = new Map<string, string>();
  const lines = new Map<string, number>();
  for (const { name, value, line } of assignments) {
    const before = values.get(name);
    if (before !== undefined && before !== value) {
      told.push(`${path}, line ${line}: ${name} has another value than in line ${lines.get(name)}; keep one of them`);
    }
    if (before === undefined) lines.set(name, line);
    values.set(name, value);
  }
  if (told.length > 0) throw new ConfigError(told);
  return values;
}
