import { expect, test } from 'bun:test';
import { en } from '../../src/web/words/en.ts';
import { pt } from '../../src/web/words/pt.ts';

/** Every text of a dictionary by its path; of one that takes parameters, what it says of `1`. */
function texts(dictionary: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(dictionary)) {
    const here = `${path}${key}`;
    if (typeof value === 'string') found.set(here, value);
    else if (typeof value === 'function') found.set(here, String(value(1, '1', '1', '1')));
    else for (const [inner, text] of texts(value, `${here}.`)) found.set(inner, text);
  }
  return found;
}

const portuguese = texts(pt);
const english = texts(en);

/** The same in both languages: names, and what the switch says in the other language. */
const SHARED = new Set(['measure.chargebacks', 'codes.paymentMethod.pix', 'codes.paymentMethod.boleto']);

test('both languages have the same words, and none is empty', () => {
  expect([...english.keys()].sort()).toEqual([...portuguese.keys()].sort());
  for (const [path, text] of [...portuguese, ...english]) expect(`${path}: ${text.trim()}`).not.toBe(`${path}: `);
});

test('nothing is left untranslated', () => {
  const same = [...portuguese].filter(([path, text]) => english.get(path) === text && /[a-z]{3}/i.test(text));
  expect(same.map(([path]) => path).filter((path) => !SHARED.has(path))).toEqual([]);
});

test('no word shouts', () => {
  for (const text of [...portuguese.values(), ...english.values()]) expect(text).not.toContain('!');
});
