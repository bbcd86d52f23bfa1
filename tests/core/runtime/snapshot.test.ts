import { describe, expect, test } from 'bun:test';
import { encodeContent, hashText } from '../../../src/core/runtime/snapshot.ts';

const missing = { figure: 'summary.AverageResolutionDays', column: 'Claims.UpdatedAt' };

describe('an encoded content', () => {
  test('is JSON text of its data and of what is unavailable', () => {
    const { data, unavailable } = encodeContent({ data: { TotalClaims: 3, Name: 'ação' }, unavailable: [missing] });
    expect(data).toBe('{"TotalClaims":3,"Name":"ação"}');
    expect(unavailable).toBe('[{"figure":"summary.AverageResolutionDays","column":"Claims.UpdatedAt"}]');
  });

  test('has the same hash for the same content, on every machine and after every restart', () => {
    expect(encodeContent({ data: { TotalClaims: 3 }, unavailable: [] }).hash).toBe('1f4e538aee1417d2');
    expect(encodeContent({ data: { TotalClaims: 3 }, unavailable: [] }).hash).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([
    ['data', { data: { TotalClaims: 4 }, unavailable: [] }],
    ['what is unavailable', { data: { TotalClaims: 3 }, unavailable: [missing] }],
    ['a type', { data: { TotalClaims: '3' }, unavailable: [] }],
  ])('has another hash for another content: %s', (_what, other) => {
    const { hash } = encodeContent({ data: { TotalClaims: 3 }, unavailable: [] });
    expect(encodeContent(other).hash).not.toBe(hash);
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
    expect(() => encodeContent({ data, unavailable: [] })).toThrow(TypeError);
  });
});

describe('a hash of a text', () => {
  test('is 16 hexadecimal digits, leading zeros kept', () => {
    const hashes = Array.from({ length: 300 }, (_, index) => hashText(`text ${index}`));
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(hashes).size).toBe(300);
    expect(hashes.some((hash) => hash.startsWith('0'))).toBe(true);
  });
});
