import type { AssetFile } from '../core/http/assets.ts';

/** A font inside a stylesheet. */
const INLINE_FONT = /url\(["']?data:font\/(woff2?);base64,([A-Za-z0-9+/=]+)["']?\)/g;

/**
 * Makes files of the fonts that Bun writes into a stylesheet as `data:` (any below 128 KB, whatever the loader). A browser
 * then loads only those whose characters occur, keeps them when the stylesheet changes, and needs no `data:` in the policy.
 */
export function extractFonts(files: readonly AssetFile[]): AssetFile[] {
  const fonts = new Map<string, AssetFile>();
  const extract = (_: string, format: string, encoded: string) => {
    const bytes = Buffer.from(encoded, 'base64');
    const path = `/assets/font-${Bun.hash(bytes).toString(36)}.${format}`;
    fonts.set(path, { path, bytes });
    return `url(${path})`;
  };
  const others = files.map((file) => {
    if (!file.path.endsWith('.css')) return file;
    const text = new TextDecoder().decode(file.bytes).replace(INLINE_FONT, extract);
    return { ...file, bytes: new TextEncoder().encode(text) };
  });
  return [...others, ...fonts.values()];
}
