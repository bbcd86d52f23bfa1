import { appendFileSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { formatJsonLines, parseJsonLines } from '../core/sources/mongo/embedded/json-lines.ts';
import type { Document } from '../core/sources/mongo/embedded/messages.ts';
import { errorText } from './worker-messages.ts';

/** How long updates are gathered before the file is written anew. */
const REWRITE_AFTER_MS = 1_000;

/** A collection that is kept in a file, one document a line, which people may edit meanwhile. */
export interface CollectionFile {
  /** The documents in it at the start; null where there is no file. */
  readonly initial: readonly Document[] | null;
  /**
   * Writes what was changed: new documents at once, at the end of the file; anything else a second later, in a new file
   * that takes the old one's place.
   *
   * @param documents the whole collection, which is read again when the file is written
   * @param appended the new documents where nothing else changed, else null
   */
  save(documents: readonly Document[], appended: readonly Document[] | null): void;
  /** Looks whether somebody else has changed the file, and reads it again if so. */
  poll(): void;
  /** Writes what is not yet written. */
  flush(): void;
}

/** What tells one state of a file from the next; null without a file. */
interface FileState {
  readonly modified: number;
  readonly size: number;
  readonly node: number;
}

/**
 * What a person writes into the file counts: it is read before anything is added to it, and a change of ours that had not
 * been written by then is given up.
 *
 * @param warn told of what cannot be read while the server runs; the last documents that could are kept until it can
 * @param replace told of the documents that stand in the file now, null when it is gone
 * @throws JsonLinesError when a line is no document at the start
 */
export function openCollectionFile(
  path: string,
  warn: (text: string) => void,
  replace: (documents: readonly Document[] | null) => void,
): CollectionFile {
  let known = stateOf(path);
  let endsInLine = true;
  let isReadable = true;
  let unwritten: readonly Document[] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = (): Document[] => {
    const text = readFileSync(path, 'utf8');
    endsInLine = text === '' || text.endsWith('\n');
    return parseJsonLines(text, path);
  };

  /** What somebody else has put into the file since it was last looked at; undefined where that is nothing new. */
  const readOthers = (): { readonly documents: readonly Document[] | null } | undefined => {
    const now = stateOf(path);
    if (isSame(now, known)) return undefined;
    known = now;
    unwritten = null;
    try {
      const documents = now === null ? null : read();
      isReadable = true;
      return { documents };
    } catch (error) {
      isReadable = false;
      warn(`${errorText(error)}. What was read before is kept until the file is mended`);
      return undefined;
    }
  };

  const append = (documents: readonly Document[]) => {
    const text = `${endsInLine ? '' : '\n'}${formatJsonLines(documents)}`;
    appendFileSync(path, text);
    endsInLine = true;
    const now = stateOf(path);
    // Another size than expected means that somebody wrote at the same time: it is read at the next look.
    if (now?.size === (known?.size ?? 0) + Buffer.byteLength(text)) known = now;
  };

  const takeOthers = () => {
    const others = readOthers();
    if (others !== undefined) replace(others.documents);
  };

  const rewrite = () => {
    clearTimeout(timer);
    timer = undefined;
    takeOthers();
    if (unwritten === null || !isReadable) return;
    const written = `${path}.writing`;
    writeFileSync(written, formatJsonLines(unwritten));
    renameSync(written, path);
    known = stateOf(path);
    endsInLine = true;
    unwritten = null;
  };

  /** Nobody waits for what is done by the clock, so a failure is told and what is to be written stays so. */
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      warn(`${path}: ${errorText(error)}`);
    }
  };

  return {
    initial: known === null ? null : read(),
    save(documents, appended) {
      const others = readOthers();
      if (appended !== null) {
        if (others !== undefined) replace([...(others.documents ?? []), ...appended]);
        append(appended);
      } else if (others !== undefined) replace(others.documents);
      const isDue = others === undefined && (appended === null || unwritten !== null);
      if (!isDue) return;
      unwritten = documents;
      timer ??= setTimeout(() => attempt(rewrite), REWRITE_AFTER_MS);
    },
    poll: () => attempt(takeOthers),
    flush: () => attempt(rewrite),
  };
}

function stateOf(path: string): FileState | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : { modified: found.mtimeMs, size: found.size, node: found.ino };
}

function isSame(left: FileState | null, right: FileState | null): boolean {
  return left?.modified === right?.modified && left?.size === right?.size && left?.node === right?.node;
}
