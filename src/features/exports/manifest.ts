import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { parseJson } from '../../core/runtime/json.ts';
import { FORMATS, type Format } from './format.ts';

export const MANIFEST_FILE = 'manifest.json';
const VERSION = 1;

const Entry = Type.Object({
  name: Type.String(),
  feature: Type.String(),
  part: Type.Union([Type.String(), Type.Null()]),
  format: Type.Union(FORMATS.map((format) => Type.Literal(format))),
  seq: Type.Integer({ minimum: 0 }),
  /** The instant that every figure takes as "now". */
  generatedAt: Type.String(),
  /** When the file was written. */
  writtenAt: Type.String(),
  /** Null if unknown: the manifest was lost, and rebuilt from the files. */
  rows: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

/** An exported file, as the manifest lists it. */
export type ManifestEntry = Static<typeof Entry>;

const FILE_NAME = new RegExp(
  `^greg-bi-([a-z][a-z0-9]*)(?:-([a-z0-9-]+))?-seq(\\d+)-(\\d{4}-\\d{2}-\\d{2})\\.(${FORMATS.join('|')})$`,
);

/** What the name of an exported file tells; undefined for any other name. */
export interface NamedFile {
  readonly feature: string;
  readonly part: string | null;
  readonly seq: number;
  readonly day: string;
  readonly format: Format;
}

export function parseFileName(name: string): NamedFile | undefined {
  const [, feature = '', part = null, seq = '', day = '', extension = ''] = FILE_NAME.exec(name) ?? [];
  const format = FORMATS.find((known) => known === extension);
  return format === undefined ? undefined : { feature, part, seq: Number(seq), day, format };
}

/** @returns undefined if the text is damaged. Entries that name anything but an exported file are dropped. */
export function parseManifest(text: string): ManifestEntry[] | undefined {
  const manifest = parseJson(text);
  if (!Value.Check(Type.Object({ version: Type.Literal(VERSION), files: Type.Array(Entry) }), manifest)) {
    return undefined;
  }
  return manifest.files.filter(({ name }) => parseFileName(name) !== undefined);
}

/** Oldest first. */
export function manifestText(entries: readonly ManifestEntry[]): string {
  return `${JSON.stringify({ version: VERSION, files: oldestFirst(entries) }, null, 2)}\n`;
}

export interface Retention {
  readonly days: number;
  readonly bytes: number;
}

/**
 * The files to delete: those older than so many days, then the oldest until the rest fits. The newest file of each feature,
 * part and format always stays.
 */
export function expiredEntries(entries: readonly ManifestEntry[], { days, bytes }: Retention, now: number) {
  const sorted = oldestFirst(entries);
  const newest = new Map(sorted.map((entry) => [seriesOf(entry), entry.name]));
  const oldest = now - days * 86_400_000;
  let kept = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return sorted.filter((entry) => {
    if (newest.get(seriesOf(entry)) === entry.name) return false;
    const isExpired = Date.parse(entry.writtenAt) < oldest || kept > bytes;
    if (isExpired) kept -= entry.bytes;
    return isExpired;
  });
}

function oldestFirst(entries: readonly ManifestEntry[]): ManifestEntry[] {
  return entries.toSorted((one, other) => Date.parse(one.writtenAt) - Date.parse(other.writtenAt));
}

/** Files of the same series replace each other over time. */
function seriesOf({ feature, part, format }: Pick<ManifestEntry, 'feature' | 'part' | 'format'>): string {
  return `${feature} ${part ?? ''} ${format}`;
}
