import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { extractFonts } from '../../src/assets/extract-fonts.ts';
import { pageSource } from '../../src/assets/page.ts';
import type { AssetFile } from '../../src/core/http/assets.ts';
import { assets } from '../support/assets.ts';
import { temporaryFolder } from '../support/process.ts';

/** All scripts, styles and fonts, as they are sent. */
const BUDGET_BYTES = 250_000;

const textOf = ({ bytes }: AssetFile) => new TextDecoder().decode(bytes);

describe('the page as it is built', () => {
  let files: readonly AssetFile[];
  let html: string;

  beforeAll(async () => {
    files = await assets.page.files();
    const index = files.find(({ path }) => path === '/index.html');
    html = index === undefined ? '' : textOf(index);
  });

  test(`is at most ${BUDGET_BYTES / 1000} KB of scripts, styles and fonts, compressed`, () => {
    const loaded = files.filter(({ path }) => /\.(?:js|css|woff2?)$/.test(path));
    const bytes = loaded.reduce((sum, file) => sum + (file.compressed?.br ?? file.bytes).length, 0);
    console.log(`the page: ${(bytes / 1000).toFixed(1)} KB of scripts, styles and fonts`);
    expect(loaded.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test('names files that are there, and none of another host', () => {
    const named = [...html.matchAll(/\s(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(named.length).toBeGreaterThan(1);
    for (const address of named) expect(files.map(({ path }) => path)).toContain(address);
    for (const style of files.filter(({ path }) => path.endsWith('.css'))) {
      for (const [, address = ''] of textOf(style).matchAll(/url\(["']?([^)"']+)/g)) {
        if (!address.startsWith('data:image/')) expect(files.map(({ path }) => path)).toContain(address);
      }
    }
  });

  test('has no script or style in its HTML, which the policy would refuse', () => {
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  test('has a hash in every name but its own', () => {
    for (const { path } of files) expect(path).toMatch(/^\/index\.html$|^\/assets\/[\w.-]+-[a-z0-9]{6,}\.\w+$/);
  });

  test('is compressed beforehand, as far as that helps', () => {
    for (const { path, bytes, compressed = {} } of files) {
      const { br, gzip } = compressed;
      const isText = /\.(?:html|js|css|svg|json|webmanifest)$/.test(path);
      expect(`${path} ${br !== undefined} ${gzip !== undefined}`).toBe(`${path} ${isText} ${isText}`);
      if (br !== undefined) expect(brotliDecompressSync(br).equals(bytes)).toBe(true);
      if (gzip !== undefined) expect(gunzipSync(gzip).equals(bytes)).toBe(true);
    }
  });
});

describe('fonts that are inside a stylesheet', () => {
  const style = (text: string): AssetFile => ({ path: '/assets/a.css', bytes: new TextEncoder().encode(text) });
  const inline = (content: string) => `url(data:font/woff2;base64,${btoa(content)})`;

  test('become files, each once, that the stylesheet names', () => {
    const [css, ...fonts] = extractFonts([style(`a{src:${inline('one')}}b{src:${inline('two')},${inline('one')}}`)]);
    expect(fonts.map(textOf)).toEqual(['one', 'two']);
    const [one, two] = fonts.map(({ path }) => path);
    expect(css === undefined ? '' : textOf(css)).toBe(`a{src:url(${one})}b{src:url(${two}),url(${one})}`);
  });

  test('are the only thing that does', () => {
    const image = style('a{background:url(data:image/svg+xml;base64,PHN2Zz4=)}');
    const script = { path: '/assets/a.js', bytes: new TextEncoder().encode(inline('one')) };
    expect(extractFonts([image, script])).toEqual([image, script]);
  });
});

describe('the source of the page', () => {
  let project: Awaited<ReturnType<typeof temporaryFolder>>;
  let errors: unknown[];
  const write = (path: string, text: string) => Bun.write(join(project.path, path), text);
  const source = (watch: boolean) =>
    pageSource({
      root: project.path,
      command: join(project.path, 'build.ts'),
      watch,
      onError: (error) => errors.push(error),
    });
  const heading = (files: readonly AssetFile[]) => {
    const index = files.find(({ path }) => path === '/index.html');
    return /<h1>(.*)<\/h1>/.exec(index === undefined ? '' : textOf(index))?.[1];
  };
  const page = (title: string) => write('src/web/index.html', `<!doctype html><h1>${title}</h1>`);

  beforeAll(async () => {
    project = await temporaryFolder();
    const builder = join(import.meta.dir, '../../src/assets/page.ts');
    await write('build.ts', `import { buildPage } from ${JSON.stringify(builder)};\nawait buildPage(process.cwd());\n`);
    for (const path of ['src/client/a.ts', 'src/assets/a.ts', 'bun.lock', 'tsconfig.json']) await write(path, '{}');
  });
  beforeEach(() => {
    errors = [];
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('builds it once for however many ask, and keeps it', async () => {
    await page('One');
    const [first, second] = await Promise.all([source(false).files(), source(false).files()]);
    expect([heading(first), heading(second)]).toEqual(['One', 'One']);
    const kept = join(project.path, 'build/page', (await readdir(join(project.path, 'build/page')))[0] ?? '');
    const { mtimeMs } = await stat(kept);
    expect(heading(await source(false).files())).toBe('One');
    expect((await stat(kept)).mtimeMs).toBe(mtimeMs);
  });

  test('builds it anew when a source has changed, and keeps the one before', async () => {
    const running = source(false);
    const developed = source(true);
    await Promise.all([running.files(), developed.files()]);
    await page('Two');
    expect(heading(await developed.files())).toBe('Two');
    expect(heading(await running.files())).toBe('One');
    expect(heading(await source(false).files())).toBe('Two');
    expect(await readdir(join(project.path, 'build/page'))).toHaveLength(2);
  });

  test('reports a build that fails once, and tries again when a source has changed', async () => {
    const developed = source(true);
    await write('src/web/index.html', '<!doctype html><script src="./nowhere.ts"></script>');
    for (let request = 0; request < 3; request++) {
      await expect(developed.files()).rejects.toThrow('The live page could not be built (exit code 1)');
    }
    expect(errors.map(String)).toEqual([expect.stringContaining('nowhere.ts')]);
    await page('Three');
    expect(heading(await developed.files())).toBe('Three');
    expect(errors).toHaveLength(1);
  });
});
