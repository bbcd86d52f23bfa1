import { extname } from 'node:path';
import type { Coding } from './content-coding.ts';

/** Built files that browsers load. */
export interface Assets {
  /** Path of the script of `/swagger`, which is served locally so that the page works without internet. */
  readonly documentationScript: string;
  readonly page: AssetSource;
}

/** Files that may still have to be built. */
export interface AssetSource {
  /** @throws Error if they cannot be built */
  files(): Promise<readonly AssetFile[]>;
}

/** A file that is served unchanged. */
export interface AssetFile {
  /** Path of its URL, such as `/assets/index-x1.js`. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Precompressed versions, smaller than compression during a response could make them. */
  readonly compressed?: Partial<Record<Coding, Uint8Array<ArrayBuffer>>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

export function contentTypeOf(path: string): string {
  return TYPES[extname(path)] ?? 'application/octet-stream';
}

/** Whether compressing is worth it: images and fonts are compressed already. */
export function isText(path: string): boolean {
  return /^text\/|json|svg/.test(contentTypeOf(path));
}
