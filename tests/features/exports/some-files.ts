import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileToWrite } from '../../../src/features/exports/export-folder.ts';
import { type ManifestEntry, parseManifest } from '../../../src/features/exports/manifest.ts';

/** A file of claims with this seq. */
export function fileOf(seq: number, changes: Partial<FileToWrite> = {}): FileToWrite {
  const { feature = 'claims', part = 'active', format = 'csv' } = changes;
  const name = `greg-bi-${feature}${part === null ? '' : `-${part}`}-seq${seq}-2026-11-27.${format}`;
  return { name, feature, part, format, seq, generatedAt: '2026-11-27T12:00:00.000Z', rows: 3, ...changes };
}

/** The manifest as another program reads it. @throws Error if it is damaged */
export function manifestOf(directory: string): readonly ManifestEntry[] {
  const entries = parseManifest(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  if (entries === undefined) throw new Error('The manifest is damaged');
  return entries;
}

/** Listed files whose bytes are not those that the manifest tells of. */
export function differingFiles(directory: string): string[] {
  return manifestOf(directory)
    .filter(({ name, bytes, sha256 }) => {
      const content = readFileSync(join(directory, name));
      return content.length !== bytes || createHash('sha256').update(content).digest('hex') !== sha256;
    })
    .map(({ name }) => name);
}

/** Exported files, and files that are not whole yet. */
export function namesIn(directory: string): { readonly exported: string[]; readonly temporary: string[] } {
  const names = readdirSync(directory);
  return {
    exported: names.filter((name) => name.startsWith('greg-bi-')).sort(),
    temporary: names.filter((name) => name.endsWith('.tmp')),
  };
}
