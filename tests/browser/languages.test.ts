import { describe, expect, test } from 'bun:test';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { About } from '../../src/core/http/about-schema.ts';
import { en } from '../../src/web/words/en.ts';
import { pt } from '../../src/web/words/pt.ts';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { type LANGUAGES, VIEWS, type ViewName, visit } from './visit.ts';

const Texts = Type.Array(Type.String());

/** Words that are the same in both languages. */
const SHARED = [
  /^Greg BI/,
  /^MRR\b/,
  /^Chargebacks?$/,
  /^Pix\b/,
  /^Boleto\b/,
  /^R\$/,
  /^(?:E-mail|Status|Total|Id|ID)$/,
  /^[\d.,\s]+(?:GB|MB|byte|min)$/,
  // Names of tables and columns of the source.
  /^\w+\.\w+:/,
];

describe.skipIf(chromiumPath === undefined)(`the languages of the page${withoutBrowser}`, () => {
  const on = stage();
  const read = async (path: string): Promise<unknown> => (await fetch(`${on.server.url}${path}`)).json();

  const textsOf = async (language: (typeof LANGUAGES)[number], views: readonly ViewName[]) => {
    const opened = await visit(on.browser, on.server.url, { language });
    const texts = new Map<ViewName, readonly string[]>();
    for (const view of views) {
      await opened.show(view);
      texts.set(view, await opened.probe(Texts, 'texts()'));
    }
    await opened.close();
    return texts;
  };

  test(
    `nothing is left in the other language, and no key is shown${withoutBrowser}`,
    async () => {
      const [portuguese, english] = [await textsOf('pt-BR', VIEWS), await textsOf('en-US', VIEWS)];
      const about = Value.Parse(About, await read('/api/about'));
      const features = await Promise.all(about.features.map(({ name }) => read(`/api/${name}`)));
      const data = stringsIn([features, await read('/api/notifications?limit=50')]);
      const keys = keysOf(about);
      for (const view of VIEWS) {
        const there = new Set(english.get(view));
        const same = (portuguese.get(view) ?? [])
          .filter((text) => there.has(text) && /\p{L}{2}/u.test(text))
          .filter((text) => !SHARED.some((pattern) => pattern.test(text)))
          .filter((text) => !data.has(text));
        expect(same.map((text) => `${view}: ${text}`)).toEqual([]);
        for (const texts of [portuguese, english]) {
          const shown = (texts.get(view) ?? []).filter((text) => !data.has(text) || keys.has(text));
          expect(shown.filter((text) => keys.has(text) || /undefined|NaN|\[object|^null$/.test(text))).toEqual([]);
        }
      }
    },
    SLOW_MS,
  );

  test(
    `the switch changes everything at once, and the choice outlives a reload${withoutBrowser}`,
    async () => {
      const opened = await visit(on.browser, on.server.url);
      await opened.show('claims');
      const { page } = opened;
      expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
      await page.getByRole('button', { name: pt.switchLanguage }).click();
      await page.getByRole('heading', { level: 1, name: 'Claims' }).waitFor();
      const texts = new Set(await opened.probe(Texts, 'texts()'));
      expect(texts.has(en.table.saveCsv)).toBe(true);
      expect(texts.has(pt.table.saveCsv)).toBe(false);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Claims' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      await opened.close();
    },
    SLOW_MS,
  );
});

/** Every text within a value, and every name of a member that is data too. */
function stringsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') found.add(value.replaceAll(/\s+/g, ' ').trim());
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) stringsIn(inner, found);
  }
  return found;
}

/** Names that people never see: those of fields and figures, and codes that have words of their own. */
function keysOf({ features }: About): Set<string> {
  const names = features.flatMap(({ figures, lists }) => [
    ...figures.flatMap(({ path }) => [path, path.split('.').at(-1) ?? '']),
    ...lists.flatMap(({ path, columns }) => [path, ...columns.map(({ name }) => name)]),
  ]);
  const codes = Object.values(pt.codes).flatMap(Object.keys);
  // A name of one plain word is a word too.
  return new Set([...names, ...codes].filter((name) => /[a-z][A-Z]|[_.]/.test(name)));
}
