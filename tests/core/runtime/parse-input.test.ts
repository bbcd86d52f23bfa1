import { describe, expect, test } from 'bun:test';
import { type TObject, Type } from '@sinclair/typebox';
import fc from 'fast-check';
import { InvalidInputError, parseInput } from '../../../src/core/runtime/parse-input.ts';

const limit = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }) });
const several = Type.Object({
  days: Type.Integer({ minimum: 1, maximum: 365, default: 30, description: 'How many days' }),
  offset: Type.Integer({ minimum: -5, maximum: 5, default: 0 }),
  category: Type.String({ minLength: 1, maxLength: 20 }),
});

function refusal(schema: TObject, input: Record<string, string>): Readonly<Record<string, readonly string[]>> {
  try {
    parseInput(schema, input);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.fields;
    throw error;
  }
  throw new Error(`Accepted: ${JSON.stringify(input)}`);
}

describe('input', () => {
  test.each([
    ['1', 1],
    ['500', 500],
    ['50', 50],
    ['007', 7],
  ])('limit=%s is %d', (text, value) => {
    expect(parseInput(limit, { limit: text })).toEqual({ limit: value });
  });

  test.each([
    ['0'],
    ['501'],
    ['-1'],
    ['1.5'],
    ['1.0'],
    ['1e3'],
    ['1e1'],
    [''],
    [' '],
    [' 5'],
    ['5 '],
    ['+5'],
    ['0x10'],
    ['5n'],
    ['1,000'],
    ['ten'],
    ['NaN'],
    ['Infinity'],
    ['null'],
    ['true'],
    ['٥'],
    ['999999999999999'],
    ['9007199254740993'],
    ['123456789012345678901234567890'],
    ['1'.repeat(5_000)],
  ])('limit=%s is refused, by its name', (text) => {
    expect(Object.keys(refusal(limit, { limit: text }))).toEqual(['limit']);
  });

  test('takes the default of what is missing', () => {
    expect(parseInput(limit, {})).toEqual({ limit: 50 });
    expect(parseInput(several, { category: 'Videos' })).toEqual({ days: 30, offset: 0, category: 'Videos' });
  });

  test('of digits stays text where text is wanted', () => {
    expect(parseInput(several, { category: '2026' }).category).toBe('2026');
  });

  test('may be below zero where that is within bounds', () => {
    expect(parseInput(several, { category: 'a', offset: '-5' }).offset).toBe(-5);
    expect(Object.keys(refusal(several, { category: 'a', offset: '-6' }))).toEqual(['offset']);
  });

  test('of more digits than a number holds is refused, though there is no bound', () => {
    const unbounded = Type.Object({ id: Type.Integer() });
    expect(parseInput(unbounded, { id: '999999999999999' })).toEqual({ id: 999_999_999_999_999 });
    expect(Object.keys(refusal(unbounded, { id: '9007199254740993' }))).toEqual(['id']);
  });

  test('that nobody asked for is ignored', () => {
    const input = { limit: '7', utm_source: 'mail', constructor: 'x', toString: 'y', 'ngrok-skip': '' };
    expect(Object.entries(parseInput(limit, input))).toEqual([['limit', 7]]);
  });

  test('that is called as the prototype is ignored too', () => {
    const input: Record<string, string> = Object.fromEntries([
      ['__proto__', 'x'],
      ['limit', '7'],
    ]);
    const parsed = parseInput(limit, input);
    expect(Object.entries(parsed)).toEqual([['limit', 7]]);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  test('is not altered', () => {
    const input = Object.freeze({ limit: '7', other: 'x' });
    parseInput(limit, input);
    expect(input).toEqual({ limit: '7', other: 'x' });
  });

  test('is a whole number within bounds, or it is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (text) => {
        const good = /^0*[1-9]\d{0,2}$/.test(text) && text.length <= 15 && Number(text) <= 500;
        if (good) expect(parseInput(limit, { limit: text })).toEqual({ limit: Number(text) });
        else expect(Object.keys(refusal(limit, { limit: text }))).toEqual(['limit']);
      }),
    );
  });
});

describe('a refusal', () => {
  test('tells every field that is wrong, and of none that is right', () => {
    const fields = refusal(several, { days: '0', offset: 'x', category: 'Videos' });
    expect(Object.keys(fields).sort()).toEqual(['days', 'offset']);
    for (const texts of Object.values(fields)) expect(texts.length).toBeGreaterThan(0);
  });

  test('tells what is required and missing', () => {
    expect(Object.keys(refusal(several, {}))).toEqual(['category']);
  });

  test('says what would be right, and no text twice', () => {
    const { days = [] } = refusal(several, { days: '366', category: 'a' });
    expect(days).toEqual(['Expected integer to be less or equal to 365 (How many days)']);
    const { limit: texts = [] } = refusal(limit, { limit: 'x' });
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('is an error whose message names the fields, and does not repeat what was sent', () => {
    const attempt = () => parseInput(several, { days: '<script>', category: 'a' });
    expect(attempt).toThrow(InvalidInputError);
    expect(attempt).toThrow(/^Invalid input: days: Expected/);
    expect(attempt).not.toThrow(/script/);
  });
});
