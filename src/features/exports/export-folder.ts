import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isoInstant } from '../../core/figures/calendar.ts';
import { isTemporary, writeDurably } from './durable-file.ts';
import type { PlannedFile } from './export-file.ts';
import { withFolderLock } from './folder-lock.ts';
import {
  expiredEntries,
  MANIFEST_FILE,
  type ManifestEntry,
  manifestText,
  parseFileName,
  parseManifest,
  type Retention,
} from './manifest.ts';

/** What the manifest has to know of a file. */
export type FileToWrite = Pick<PlannedFile, 'name' | 'feature' | 'part' | 'format'> & {
  readonly seq: number;
  readonly generatedAt: string;
  readonly rows: number;
};

export function fileToWrite({ name, feature, part, format, rows, snapshot }: PlannedFile): FileToWrite {
  const { seq, generatedAt } = snapshot;
  return { name, feature, part, format, rows, seq, generatedAt: isoInstant(generatedAt) };
}

/** A folder of exported files with a manifest. Several processes may use it at once. */
export interface ExportFolder {
  readonly directory: string;
  /** The listed files. */
  entries(): Promise<readonly ManifestEntry[]>;
  /** Writes a file, and lists it. A file of the same name is replaced. @returns its path */
  write(file: FileToWrite, bytes: Uint8Array): Promise<string>;
  /** Deletes expired files that the manifest lists. @returns their names */
  deleteExpired(retention: Retention, now: number): Promise<readonly string[]>;
}

/** How long another process may hold the folder. */
const LOCK_WITHIN_MS = 30_000;

/**
 * Opens the folder, and makes it if it is missing. What a killed process left is put right: temporary files are deleted,
 * whole files that the manifest does not list are added to it, and a damaged manifest is made anew from the files.
 *
 * @throws a system error such as ENOSPC or EACCES; FolderBusyError
 */
export async function openExportFolder(directory: string): Promise<ExportFolder> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const locked = <Result>(work: () => Promise<Result>) => withFolderLock(directory, LOCK_WITHIN_MS, work);
  await locked(() => repair(directory));
  return {
    directory,
    entries: () => locked(() => readEntries(directory)),
    write: (file, bytes) => locked(() => writeListed(directory, file, bytes)),
    deleteExpired: (retention, now) => locked(() => deleteExpired(directory, retention, now)),
  };
}

async function writeListed(directory: string, file: FileToWrite, bytes: Uint8Array): Promise<string> {
  const entries = await readEntries(directory);
  const others = entries.filter(({ name }) => name !== file.name);
  // Until the new file is there, the manifest must not list the digest of the old one.
  if (others.length < entries.length) await writeEntries(directory, others);
  await writeDurably(directory, file.name, bytes);
  const { name, feature, part, format, seq, generatedAt, rows } = file;
  const entry = { name, feature, part, format, seq, generatedAt, rows, ...digestOf(bytes) };
  await writeEntries(directory, [...others, { ...entry, writtenAt: isoInstant(Date.now()) }]);
  return join(directory, name);
}

async function deleteExpired(directory: string, retention: Retention, now: number): Promise<readonly string[]> {
  const entries = await readEntries(directory);
  const expired = new Set(expiredEntries(entries, retention, now).map(({ name }) => name));
  if (expired.size === 0) return [];
  // First the manifest: it never lists a file that is gone.
  await writeEntries(
    directory,
    entries.filter(({ name }) => !expired.has(name)),
  );
  for (const name of expired) await unlink(join(directory, name)).catch(ignoreMissing);
  return [...expired];
}

/** @returns the entries of the manifest as it is now */
async function repair(directory: string): Promise<ManifestEntry[]> {
  const names = await readdir(directory);
  for (const name of names.filter(isTemporary)) await unlink(join(directory, name)).catch(ignoreMissing);
  const text = await readFile(join(directory, MANIFEST_FILE), 'utf8').catch(ignoreMissing);
  const listed = text === undefined ? undefined : parseManifest(text);
  const present = new Set(names);
  const kept = (listed ?? []).filter(({ name }) => present.has(name));
  const known = new Set(kept.map(({ name }) => name));
  const added: ManifestEntry[] = [];
  for (const name of names.filter((each) => !known.has(each))) {
    const entry = await entryOfFile(directory, name);
    if (entry !== undefined) added.push(entry);
  }
  const isWhole = listed !== undefined && added.length === 0 && kept.length === listed.length;
  const entries = [...kept, ...added];
  if (!isWhole) await writeEntries(directory, entries);
  return entries;
}

/** The entry of a file that is not listed; undefined if it is no exported file. */
async function entryOfFile(directory: string, name: string): Promise<ManifestEntry | undefined> {
  const named = parseFileName(name);
  if (named === undefined) return undefined;
  const path = join(directory, name);
  const { mtimeMs } = await stat(path);
  const writtenAt = isoInstant(Math.floor(mtimeMs));
  const { feature, part, format, seq } = named;
  const entry = { name, feature, part, format, seq, generatedAt: writtenAt, writtenAt, rows: null };
  return { ...entry, ...(await digestOfFile(path)) };
}

/** In pieces: without a manifest, this is done for every file. */
async function digestOfFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The entries; a manifest that was deleted or damaged since the folder was opened is made anew. */
async function readEntries(directory: string): Promise<ManifestEntry[]> {
  const text = await readFile(join(directory, MANIFEST_FILE), 'utf8').catch(ignoreMissing);
  return (text === undefined ? undefined : parseManifest(text)) ?? repair(directory);
}

function writeEntries(directory: string, entries: readonly ManifestEntry[]): Promise<void> {
  return writeDurably(directory, MANIFEST_FILE, manifestText(entries));
}

type Digest = Pick<ManifestEntry, 'bytes' | 'sha256'>;

function digestOf(bytes: Uint8Array): Digest {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
