import { appendFileSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { messageOf } from '../../runtime/errors.ts';
import type { Document } from './document.ts';
import { type FileState, fileState, isSameState } from './file-state.ts';
import { formatJsonLines, parseJsonLines } from './json-lines.ts';

/** How long updates are collected before the file is rewritten, ms. */
const REWRITE_AFTER_MS = 1_000;

export interface CollectionFileOptions {
  readonly path: string;
  /** Called once for each state of the file that cannot be read, and when it cannot be written. */
  readonly warn: (text: string) => void;
  /** Called with the documents that another program wrote to the file; null if it was removed. */
  readonly replace: (documents: readonly Document[] | null) => void;
}

/**
 * A collection that is kept in a file, one document a line, which people may edit while the server runs.
 *
 * What other programs write takes precedence: it is read before anything is written, and our changes that were not written
 * yet are dropped. While the file is not readable, the last documents are kept, and nothing is written to it.
 */
export class CollectionFile {
  /** The documents at the start; null if there is no file. */
  readonly initial: readonly Document[] | null;
  readonly #options: CollectionFileOptions;
  readonly #file: TrackedFile;
  #isReadable = true;
  #unwritten: readonly Document[] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @throws JsonLinesError if a line is not a document, or a file-system error */
  constructor(options: CollectionFileOptions) {
    this.#options = options;
    this.#file = new TrackedFile(options.path);
    this.initial = this.#file.read();
  }

  /**
   * Writes changes: new documents at once, at the end of the file; other changes a second later, in a new file that replaces
   * the old one.
   *
   * @param documents the whole collection; read again when the file is written
   * @param appended the new documents if nothing else changed, else null
   * @throws a file-system error if they cannot be appended; the file is then unchanged
   */
  save(documents: readonly Document[], appended: readonly Document[] | null): void {
    const others = this.#readOthers();
    if (others !== undefined) {
      this.#options.replace(appended === null ? others.documents : [...(others.documents ?? []), ...appended]);
    }
    if (!this.#isReadable) return;
    if (appended !== null) this.#append(documents, appended);
    if (others === undefined && (appended === null || this.#unwritten !== null)) this.#rewriteLater(documents);
  }

  /** Checks whether another program changed the file, and reads it again if so. */
  poll(): void {
    this.#attempt(() => this.#takeOthers());
  }

  /** Writes what was not written yet. */
  flush(): void {
    this.#attempt(() => this.#rewrite());
  }

  /** The documents that another program wrote since the last check; undefined if nothing changed. */
  #readOthers(): { readonly documents: readonly Document[] | null } | undefined {
    if (!this.#file.checkState()) return undefined;
    this.#unwritten = null;
    try {
      const documents = this.#file.read();
      this.#isReadable = true;
      return { documents };
    } catch (error) {
      this.#isReadable = false;
      this.#options.warn(
        `${reasonOf(error, this.#options.path)}. The last readable content is served until the file is fixed`,
      );
      return undefined;
    }
  }

  #takeOthers(): void {
    const others = this.#readOthers();
    if (others !== undefined) this.#options.replace(others.documents);
  }

  /** If the disk is full, the documents are written later, with the rest. */
  #append(documents: readonly Document[], appended: readonly Document[]): void {
    try {
      this.#file.append(appended);
    } catch (error) {
      this.#rewriteLater(documents);
      throw error;
    }
  }

  #rewriteLater(documents: readonly Document[]): void {
    this.#unwritten = documents;
    this.#timer ??= setTimeout(() => this.flush(), REWRITE_AFTER_MS);
  }

  #rewrite(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#takeOthers();
    if (this.#unwritten === null || !this.#isReadable) return;
    this.#file.rewrite(this.#unwritten);
    this.#unwritten = null;
  }

  /** A timer has no caller to throw to. Documents that could not be written stay unwritten. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.warn(`${this.#options.path}: ${messageOf(error)}`);
    }
  }
}

/** A file of lines, and its state after our last access. */
class TrackedFile {
  readonly #path: string;
  #known: FileState | null;
  /** Whether the last line is complete, so that another one can follow. */
  #endsInLine = true;

  constructor(path: string) {
    this.#path = path;
    this.#known = fileState(path);
  }

  /** @returns whether another program changed the file since the last access */
  checkState(): boolean {
    const now = fileState(this.#path);
    if (isSameState(now, this.#known)) return false;
    this.#known = now;
    return true;
  }

  /** @returns null if the file is missing */
  read(): Document[] | null {
    const text = this.#known === null ? '' : readFileSync(this.#path, 'utf8');
    this.#endsInLine = text === '' || text.endsWith('\n');
    return this.#known === null ? null : parseJsonLines(text, this.#path);
  }

  append(documents: readonly Document[]): void {
    const text = `${this.#endsInLine ? '' : '\n'}${formatJsonLines(documents)}`;
    const before = this.#known?.size ?? 0;
    const after = before + Buffer.byteLength(text);
    try {
      appendFileSync(this.#path, text);
    } catch (error) {
      if (truncate(this.#path, before, after)) this.#known = fileState(this.#path);
      throw error;
    }
    this.#endsInLine = true;
    const now = fileState(this.#path);
    // An unexpected size means that another program wrote at the same time: the next check reads it.
    if (now?.size === after) this.#known = now;
  }

  rewrite(documents: readonly Document[]): void {
    const unfinished = `${this.#path}.writing`;
    try {
      writeFileSync(unfinished, formatJsonLines(documents));
      renameSync(unfinished, this.#path);
    } catch (error) {
      // Frees the space on a full disk.
      rmSync(unfinished, { force: true });
      throw error;
    }
    this.#known = fileState(this.#path);
    this.#endsInLine = true;
  }
}

/**
 * Removes lines that were partly written to a full disk, unless another program wrote meanwhile.
 *
 * @returns whether the file is as it was before
 */
function truncate(path: string, size: number, most: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.size < size || found.size >= most) return false;
  truncateSync(path, size);
  return true;
}

function reasonOf(error: unknown, path: string): string {
  const text = messageOf(error);
  return text.includes(path) ? text : `${path}: ${text}`;
}
