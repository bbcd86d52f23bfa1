import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../../config/config.ts';
import { describeProcess } from '../../core/store/presence.ts';
import { readProcesses } from '../../core/store/read-processes.ts';
import { STORE_FILE } from '../../core/store/store.ts';
import { isWritable, nearestExisting } from '../../core/writable-path.ts';
import { broken, type Finding, ok, warning } from './finding.ts';

/** A key of HS256 has at least the size of its hash (RFC 7518, section 3.2), bytes. */
const SHORTEST_SECRET = 32;

/** Checks the server's own settings: its secret and its state folder. */
export function checkServer({ access, stateDirectory }: Pick<Config, 'access' | 'stateDirectory'>): Finding[] {
  return [secret(access.secret), stateFolder(stateDirectory)];
}

function secret(value: string | null): Finding {
  const what = 'secret';
  if (value === null)
    return warning(what, 'none: the server answers this machine only', "set JWT_SECRET to the back end's key");
  const bytes = Buffer.byteLength(value);
  if (bytes >= SHORTEST_SECRET) return ok(what, `${bytes} bytes`);
  return warning(what, `${bytes} bytes`, `one of ${SHORTEST_SECRET} bytes or more, here and at the back end`);
}

const WHAT = 'STATE_DIR';

function stateFolder(directory: string): Finding {
  const existing = nearestExisting(resolve(directory));
  if (!statSync(existing).isDirectory()) {
    return broken(WHAT, `${existing} is a file, and no folder`, 'set STATE_DIR to a folder, or move that file away');
  }
  const file = join(resolve(directory), STORE_FILE);
  const [locked] = [existing, ...(existsSync(file) ? [file] : [])].filter((path) => !isWritable(path));
  if (locked !== undefined) {
    const next = `give it to the user of the server (chown), or set STATE_DIR to a folder that this user may write to`;
    return broken(WHAT, `${locked} cannot be written`, next);
  }
  return whoUses(directory, file);
}

/** One server is expected; several would each notify. */
function whoUses(directory: string, file: string): Finding {
  try {
    const processes = readProcesses(file, Date.now());
    const names = processes.map(describeProcess).join(', ');
    if (processes.length === 0) return ok(WHAT, `${directory} can be written`);
    if (processes.length === 1) return ok(WHAT, `${directory} can be written, and is used by ${names}`);
    const next = 'stop one, or set another STATE_DIR for it: each of them notifies, and sends to every outlet';
    return warning(WHAT, `${directory} is used by ${processes.length} servers: ${names}`, next);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const next = 'move that file away: the server makes a new one, and forgets what was notified';
    return broken(WHAT, `${file} cannot be read (${code})`, next);
  }
}
