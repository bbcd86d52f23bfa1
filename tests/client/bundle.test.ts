import { expect, test } from 'bun:test';
import { join } from 'node:path';

/** Most of what the client adds to a page, minified and in gzip. */
const MOST_BYTES = 6_000;

test(`the client has no dependency, and at most ${MOST_BYTES / 1_000} KB`, async () => {
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, '../../src/client/index.ts')],
    target: 'browser',
    minify: true,
    packages: 'external',
  });
  expect(outputs).toHaveLength(1);
  const text = (await outputs[0]?.text()) ?? '';
  const { length } = Bun.gzipSync(text);
  console.log(`the client: ${(length / 1_000).toFixed(1)} KB`);
  expect(length).toBeLessThanOrEqual(MOST_BYTES);
  expect(text).toContain('createClient');
  expect(text).not.toMatch(/\bimport\b|\brequire\(|\bfrom"/);
});
