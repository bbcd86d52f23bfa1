import { describe, expect, test } from 'bun:test';
import type { Problem } from '../../../src/core/mirror/problem.ts';
import { encodeContent, hashText } from '../../../src/core/runtime/encode-content.ts';
import { type Content, loadedFrom } from '../../../src/core/runtime/snapshot.ts';

const missing = { figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' };
const unreadable: Problem = { kind: 'unreadable-value', table: 'Claims', column: 'UserId', rows: 2, example: '7' };

function contentOf(data: unknown, more: Partial<Content<unknown>> = {}): Content<unknown> {
  return { data, unavailable: [], problems: [], ...more };
}

describe('an encoded content', () => {
  test('is JSON text of its data, of what is unavailable and of the problems of the data', () => {
    const content = contentOf({ TotalClaims: 3, Name: 'ação' }, { unavailable: [missing], problems: [unreadable] });
    const { data, unavailable, problems } = encodeContent(content);
    expect(data).toBe('{"TotalClaims":3,"Name":"ação"}');
    expect(unavailable).toBe('[{"figure":"summary.AverageResolutionDays","column":"Claims.UpdatedAt"}]');
    expect(problems).toBe('[{"kind":"unreadable-value","table":"Claims","column":"UserId","rows":2,"example":"7"}]');
  });

  test('has the same hash for the same content, on every machine and after every restart', () => {
    expect(encodeContent(contentOf({ TotalClaims: 3 })).hash).toBe('f11be2b501fd5842');
    expect(encodeContent(contentOf({ TotalClaims: 3 })).hash).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([
    ['data', contentOf({ TotalClaims: 4 })],
    ['what is unavailable', contentOf({ TotalClaims: 3 }, { unavailable: [missing] })],
    ['the problems', contentOf({ TotalClaims: 3 }, { problems: [unreadable] })],
    ['a type', contentOf({ TotalClaims: '3' })],
  ])('has another hash for another content: %s', (_what, other) => {
    const { hash } = encodeContent(contentOf({ TotalClaims: 3 }));
    expect(encodeContent(other).hash).not.toBe(hash);
  });

  test('has another hash when the number of rows with a problem changes', () => {
    const hashes = [1, 2].map((rows) => encodeContent(contentOf(1, { problems: [{ ...unreadable, rows }] })).hash);
    expect(new Set(hashes).size).toBe(2);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.itself = cyclic;
  test.each([
    ['a bigint', 1n],
    ['a bigint deep inside', { list: [{ Id: 1n }] }],
    ['a cycle', cyclic],
    ['nothing', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('one')],
  ])('cannot be made of %s', (_what, data) => {
    expect(() => encodeContent(contentOf(data))).toThrow(TypeError);
    expect(() => loadedFrom(contentOf(data))).toThrow(TypeError);
  });
});

test('a loaded content is the content with its text', () => {
  const content = contentOf({ TotalClaims: 3 }, { unavailable: [missing] });
  const loaded = loadedFrom(content);
  expect(loaded.encoded).toEqual(encodeContent(content));
  expect(loaded.content()).toEqual(content);
});

describe('a hash of a text', () => {
  test('is 16 hexadecimal digits, leading zeros kept', () => {
    const hashes = Array.from({ length: 300 }, (_, index) => hashText(`text ${index}`));
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(hashes).size).toBe(300);
    expect(hashes.some((hash) => hash.startsWith('0'))).toBe(true);
  });
});
