import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type AssetFile, isText } from '../core/http/assets.ts';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** Runs once per build, so the best compression is worth its time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
const GZIP = { level: constants.Z_BEST_COMPRESSION };

/** Adds brotli and gzip versions of text files. */
export function compressAssets(files: readonly AssetFile[]): Promise<AssetFile[]> {
  return Promise.all(
    files.map(async (file) => {
      if (!isText(file.path)) return file;
      const [br, zipped] = await Promise.all([brotliAsync(file.bytes, BROTLI), gzipAsync(file.bytes, GZIP)]);
      return { ...file, compressed: { br, gzip: zipped } };
    }),
  );
}
