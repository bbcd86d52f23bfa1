import { join } from 'node:path';
import type { AssetFile } from '../core/http/assets.ts';
import { extractFonts } from './extract-fonts.ts';

/**
 * Bundles the page: one HTML file, one script, one stylesheet, and the files they refer to. All file names but that of the
 * HTML contain a hash of the content.
 *
 * @throws AggregateError with a message for each mistake in the sources
 */
export async function bundle(root: string): Promise<AssetFile[]> {
  const { outputs } = await Bun.build({
    entrypoints: [join(root, 'src/web/index.html')],
    target: 'browser',
    format: 'esm',
    minify: true,
    // With several chunks, the HTML that Bun writes may refer to the wrong one.
    splitting: false,
    publicPath: '/',
    naming: { entry: '[name].[ext]', chunk: 'assets/[name]-[hash].[ext]', asset: 'assets/[name]-[hash].[ext]' },
    define: { 'process.env.NODE_ENV': '"production"' },
    env: 'disable',
  });
  const files = await Promise.all(
    outputs.map(async (output) => ({
      path: output.path.replace(/^\.?\/?/, '/'),
      bytes: new Uint8Array(await output.arrayBuffer()),
    })),
  );
  return extractFonts(files);
}
