import { existsSync, readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { ENV_FILE, OTHER_FILES, readEnvFile } from './env-file.ts';

/** The effective variables, and where they come from. */
export interface Environment {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** In words, for people. */
  readonly origin: string;
  readonly notices: readonly string[];
}

/** An empty value counts as unset: Docker Compose passes unset variables on as empty. */
export function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

/**
 * The process's variables; unset or empty ones come from `.env` in the working directory.
 *
 * @throws ConfigError when `.env` cannot be read
 */
export function readEnvironment(): Environment {
  const { path, folder, values: fromFile, notices } = readEnvFile(process.cwd());
  const values = { ...processVariables() };
  for (const [name, value] of fromFile) if (isBlank(values[name])) values[name] = value;
  const origin =
    path === null ? `environment variables; there is no .env in ${folder}` : `environment variables, then ${path}`;
  return { values, origin, notices };
}

/**
 * The variables that the process was started with. Bun adds those of `.env` files and expands every `$` in them, unless it
 * is started with `--no-env-file`, or in a folder whose bunfig.toml has `env = false`.
 */
function processVariables(): Environment['values'] {
  if (!hasBunReadFiles()) return process.env;
  try {
    const started = readFileSync('/proc/self/environ', 'utf8').split('\0');
    return Object.fromEntries(started.filter((entry) => entry.includes('=')).map(nameAndValue));
  } catch {
    throw new ConfigError([
      `${process.cwd()}: Bun has read .env files there in its own way; start with npm start, or with bun --no-env-file`,
    ]);
  }
}

function nameAndValue(entry: string): [string, string] {
  const end = entry.indexOf('=');
  return [entry.slice(0, end), entry.slice(end + 1)];
}

/** False with `--env-file`: Bun then reads only the named files. */
function hasBunReadFiles(): boolean {
  if (process.execArgv.some((argument) => /^--(?:no-)?env-file/.test(argument))) return false;
  return [ENV_FILE, ...OTHER_FILES].some((name) => existsSync(name)) && !isSwitchedOff('bunfig.toml');
}

function isSwitchedOff(bunfig: string): boolean {
  if (!existsSync(bunfig)) return false;
  const settings: object = Bun.TOML.parse(readFileSync(bunfig, 'utf8'));
  return 'env' in settings && settings.env === false;
}
