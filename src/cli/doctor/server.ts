import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { broken, type Finding, ok, warning } from './finding.ts';

/** A key of HS256 has at least the size of its hash (RFC 7518, section 3.2), bytes. */
const SHORTEST_SECRET = 32;

/** What concerns the server alone: its secret, and the folder that it keeps. */
export function lookAtServer({ access, stateDirectory }: Pick<Config, 'access' | 'stateDirectory'>): Finding[] {
  return [secret(access.secret), stateFolder(stateDirectory)];
}

function secret(value: string | null): Finding {
  const what = 'secret';
  if (value === null)
    return warning(what, 'none: this machine alone is served', "set JWT_SECRET to the back end's key");
  const bytes = Buffer.byteLength(value);
  if (bytes >= SHORTEST_SECRET) return ok(what, `${bytes} bytes`);
  return warning(what, `${bytes} bytes`, `one of ${SHORTEST_SECRET} bytes or more, here and at the back end`);
}

function stateFolder(directory: string): Finding {
  const what = 'STATE_DIR';
  let folder = resolve(directory);
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
    return ok(what, `${directory} can be written`);
  } catch {
    return broken(what, `${directory} cannot be written`, 'choose another, or give it to the user of the server');
  }
}
