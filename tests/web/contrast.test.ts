import { describe, expect, test } from 'bun:test';

const root = `${import.meta.dir}/../..`;
const tokens = await Bun.file(`${root}/src/web/design/tokens.css`).text();

/** The scales of Radix and our tokens of one theme, as the browser would resolve them. */
async function theme(name: 'light' | 'dark'): Promise<(token: string) => string> {
  const suffix = name === 'dark' ? '-dark' : '';
  const scales = await Promise.all(
    ['slate', 'indigo', 'green', 'red', 'amber'].map((scale) =>
      Bun.file(`${root}/node_modules/@radix-ui/colors/${scale}${suffix}.css`).text(),
    ),
  );
  const [light = '', dark = ''] = tokens.split('\n.dark {');
  const values = new Map<string, string>();
  for (const css of [
    ...scales.map((scale) => scale.split('@supports')[0] ?? ''),
    light,
    ...(name === 'dark' ? [dark] : []),
  ]) {
    for (const [, key = '', value = ''] of css.matchAll(/--([\w-]+):\s*([^;]+);/g)) values.set(key, value.trim());
  }
  const resolve = (value: string): string => {
    const reference = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
    return reference === undefined ? value : resolve(values.get(reference) ?? '');
  };
  return (token) => resolve(values.get(token) ?? '');
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: string, second: string): number {
  const [high = 0, low = 0] = [luminance(first), luminance(second)].sort((left, right) => right - left);
  return (high + 0.05) / (low + 0.05);
}

const TEXTS = [
  ['strong', 'surface'],
  ['muted', 'surface'],
  ['muted', 'ground'],
  ['muted', 'hover'],
  ['muted', 'raised'],
  ['accent-text', 'accent-soft'],
  ['accent-text', 'surface'],
  ['on-accent', 'accent'],
  ['good', 'good-soft'],
  ['bad', 'bad-soft'],
  ['care', 'care-soft'],
  ['bad', 'surface'],
  ['care', 'surface'],
  ['care', 'ground'],
  ['bad', 'ground'],
  // Lines are named in their colours.
  ['series-1', 'surface'],
  ['series-2', 'surface'],
  ['series-3', 'surface'],
] as const;
const SHAPES = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-rest'] as const;
const DOTS = ['good-dot', 'bad-dot', 'care-dot', 'accent'] as const;

describe.each(['light', 'dark'] as const)('the %s theme', async (name) => {
  const token = await theme(name);

  test.each(TEXTS)('%s on %s is text that can be read', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([...SHAPES, ...DOTS])('%s is seen on its surface', (shape) => {
    expect(contrast(token(shape), token('surface'))).toBeGreaterThanOrEqual(3);
  });
});
