import { describe, expect, test } from 'bun:test';
import { originAllowed } from '../../../src/core/access/origins.ts';

const ORIGINS = ['http://localhost:5173', 'https://admin.example'];

function allowed(origin: string | null, url = 'http://greg.example:8000/hubs/claims', origins = ORIGINS): boolean {
  return originAllowed(new Request(url, { headers: origin === null ? {} : { origin } }), origins);
}

describe('a page', () => {
  test('of a listed origin may call', () => {
    expect(allowed('http://localhost:5173')).toBe(true);
    expect(allowed('https://admin.example')).toBe(true);
  });

  test('that we serve ourselves may call', () => {
    expect(allowed('http://greg.example:8000')).toBe(true);
    expect(allowed('http://greg.example:8000', undefined, [])).toBe(true);
  });

  test.each([
    ['another host', 'https://evil.example'],
    ['another port', 'http://localhost:5174'],
    ['another scheme', 'https://localhost:5173'],
    ['a host that begins with a listed one', 'https://admin.example.evil.example'],
    ['a host that ends in a listed one', 'https://evil-admin.example'],
    ['a listed one with a slash', 'https://admin.example/'],
    ['a sandbox', 'null'],
    ['nothing', ''],
    ['a list', 'http://localhost:5173 https://evil.example'],
    ['our host under another port', 'http://greg.example:8001'],
    ['our host under another scheme', 'https://greg.example:8000'],
    ['anyone', '*'],
  ])('of %s may not', (_what, origin) => {
    expect(allowed(origin)).toBe(false);
  });
});

test('who sends no origin is no page, and may call', () => {
  expect(allowed(null)).toBe(true);
  expect(allowed(null, undefined, [])).toBe(true);
});
