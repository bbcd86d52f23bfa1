import { appendFileSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { messageOf } from '../../runtime/errors.ts';
import type { Document } from './document.ts';
import { type FileState, fileState, isSameState } from './file-state.ts';
import { formatJsonLines, parseJsonLines } from './json-lines.ts';

/** How long updates are collected before the file is rewritten. */
const REWRITE_AFTER_MS = 1_000;

/** A collection that is kept in a file, one document a line, which people may edit meanwhile. */
export interface CollectionFile {
  /** The documents in it at the start; null if there is no file. */
  readonly initial: readonly Document[] | null;
  /**
   * Writes what was changed: new documents at once, at the end of the file; anything else a second later, in a new file
   * that takes the old one's place.
   *
   * @param documents the whole collection, which is read again when the file is written
   * @param appended the new documents where nothing else changed, else null
   * @throws a file-system error when they cannot be appended; the file is then as it was
   */
  save(documents: readonly Document[], appended: readonly Document[] | null): void;
  /** Looks whether another program has changed the file, and reads it again if so. */
  poll(): void;
  /** Writes what is not yet written. */
  flush(): void;
}

export interface CollectionFileOptions {
  readonly path: string;
  /** Called with what cannot be read or written while the server runs, once for each state of the file. */
  readonly warn: (text: string) => void;
  /** Called with the documents that another program has put into the file, null when it is gone. */
  readonly replace: (documents: readonly Document[] | null) => void;
}

/**
 * What a person writes into the file counts: it is read before anything is added to it, and a change of ours that had not
 * been written by then is given up. While the file cannot be read, the last documents that could are kept, and nothing is
 * written to it.
 *
 * @throws JsonLinesError if a line is no document at the start, or a file-system error
 */
export function openCollectionFile(options: CollectionFileOptions): CollectionFile {
  const { path, warn, replace } = options;
  const file: TrackedFile = { path, known: fileState(path), endsInLine: true };
  let isReadable = true;
  let unwritten: readonly Document[] | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** The documents that another program wrote since the last look; undefined if nothing changed. */
  const readOthers = (): { readonly documents: readonly Document[] | null } | undefined => {
    const now = fileState(path);
    if (isSameState(now, file.known)) return undefined;
    file.known = now;
    unwritten = null;
    try {
      const documents = read(file);
      isReadable = true;
      return { documents };
    } catch (error) {
      isReadable = false;
      warn(`${reasonOf(error, path)}. What was read before is kept until the file is mended`);
      return undefined;
    }
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
    writeAnew(file, unwritten);
    unwritten = null;
  };

  const rewriteLater = (documents: readonly Document[]) => {
    unwritten = documents;
    timer ??= setTimeout(() => attempt(options, rewrite), REWRITE_AFTER_MS);
  };

  /** Retries what a full disk refused, with the rest. */
  const add = (documents: readonly Document[], appended: readonly Document[]) => {
    try {
      append(file, appended);
    } catch (error) {
      rewriteLater(documents);
      throw error;
    }
  };

  return {
    initial: read(file),
    save(documents, appended) {
      const others = readOthers();
      if (others !== undefined)
        replace(appended === null ? others.documents : [...(others.documents ?? []), ...appended]);
      if (!isReadable) return;
      if (appended !== null) add(documents, appended);
      if (others === undefined && (appended === null || unwritten !== null)) rewriteLater(documents);
    },
    poll: () => attempt(options, takeOthers),
    flush: () => attempt(options, rewrite),
  };
}

/** What is done by the clock has no caller to throw to; what is to be written stays so. */
function attempt({ path, warn }: CollectionFileOptions, work: () => void): void {
  try {
    work();
  } catch (error) {
    warn(`${path}: ${messageOf(error)}`);
  }
}

/** A file, and what is known of it. */
interface TrackedFile {
  readonly path: string;
  /** The state after our last write or look. */
  known: FileState | null;
  /** Whether the last line is ended, so that another one can follow. */
  endsInLine: boolean;
}

/** @returns null if the file is missing */
function read(file: TrackedFile): Document[] | null {
  const text = file.known === null ? '' : readFileSync(file.path, 'utf8');
  file.endsInLine = text === '' || text.endsWith('\n');
  return file.known === null ? null : parseJsonLines(text, file.path);
}

function append(file: TrackedFile, documents: readonly Document[]): void {
  const { path, known, endsInLine } = file;
  const text = `${endsInLine ? '' : '\n'}${formatJsonLines(documents)}`;
  const before = known?.size ?? 0;
  const after = before + Buffer.byteLength(text);
  try {
    appendFileSync(path, text);
  } catch (error) {
    if (cutBack(path, before, after)) file.known = fileState(path);
    throw error;
  }
  file.endsInLine = true;
  const now = fileState(path);
  // An unexpected size means that another program wrote at the same time: the next look reads it.
  if (now?.size === after) file.known = now;
}

function writeAnew(file: TrackedFile, documents: readonly Document[]): void {
  const written = `${file.path}.writing`;
  try {
    writeFileSync(written, formatJsonLines(documents));
    renameSync(written, file.path);
  } catch (error) {
    // A disk that is full gets the room back.
    rmSync(written, { force: true });
    throw error;
  }
  file.known = fileState(file.path);
  file.endsInLine = true;
}

/**
 * Removes lines that were written partly because the disk is full, unless another program wrote meanwhile.
 *
 * @returns whether the file is as it was
 */
function cutBack(path: string, size: number, most: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.size < size || found.size >= most) return false;
  truncateSync(path, size);
  return true;
}

function reasonOf(error: unknown, path: string): string {
  const text = messageOf(error);
  return text.includes(path) ? text : `${path}: ${text}`;
}
