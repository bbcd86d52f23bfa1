import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import type { Coding } from './content-coding.ts';

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);
const zstdAsync = promisify(zstdCompress);

/**
 * Efforts at which a snapshot of 24 KB takes under a millisecond and the documentation's script of 4.3 MB a fifth of a
 * second; more effort saves a few per cent.
 */
const GZIP = { level: 6 };
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 6 } };

/** Compresses on threads of the pool, so that the event loop goes on meanwhile. */
export function compress(bytes: Uint8Array, coding: Coding): Promise<Buffer<ArrayBuffer>> {
  switch (coding) {
    case 'gzip':
      return gzipAsync(bytes, GZIP);
    case 'br':
      return brotliAsync(bytes, BROTLI);
    case 'zstd':
      return zstdAsync(bytes, ZSTD);
  }
}
