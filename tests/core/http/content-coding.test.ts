import { describe, expect, test } from 'bun:test';
import { codingFor, SMALLEST_COMPRESSED_BYTES } from '../../../src/core/http/content-coding.ts';

const LARGE = SMALLEST_COMPRESSED_BYTES;

describe('the coding of a large body', () => {
  test.each([
    [null, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['GZip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['br', 'br'],
    ['zstd', 'zstd'],
    ['deflate', undefined],
    ['compress, deflate', undefined],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0.001', 'br'],
    ['gzip;q=0', undefined],
    ['gzip;q=0.000', undefined],
    ['gzip;q=0, *', 'br'],
    ['br;q=0, *;q=0.5', 'zstd'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['gzip, *;q=0', 'gzip'],
    ['identity', undefined],
    ['identity;q=1, gzip;q=0.5', undefined],
    ['identity;q=0.5, gzip;q=1', 'gzip'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['identity;q=0', undefined],
    ['identity;q=0, gzip', 'gzip'],
    ['  gzip ; q=0.5 ,, ', 'gzip'],
    ['gzip;Q=0.5', 'gzip'],
    ['gzip;q=0, gzip;q=1', 'gzip'],
    ['gzip;q=2', undefined],
    ['gzip;q=-1', undefined],
    ['gzip;q=abc', undefined],
    ['gzip;q=', undefined],
    ['gzip;level=9', 'gzip'],
    ['gzipped, brotli', undefined],
    [';q=1', undefined],
    [','.repeat(10_000), undefined],
  ] as const)('Accept-Encoding: %p → %p', (header, coding) => {
    // The second answer comes from what is remembered of the first.
    for (let turn = 0; turn < 2; turn++) expect(codingFor(header, LARGE)).toBe(coding);
  });
});

describe('a small body', () => {
  test('leaves as it is', () => {
    for (const header of ['gzip', 'br, gzip', '*']) expect(codingFor(header, LARGE - 1)).toBeUndefined();
  });

  test('is compressed for a client that refuses it otherwise', () => {
    expect(codingFor('gzip, identity;q=0', 10)).toBe('gzip');
    expect(codingFor('zstd, *;q=0', 10)).toBe('zstd');
    expect(codingFor('*;q=0', 10)).toBeUndefined();
  });
});
