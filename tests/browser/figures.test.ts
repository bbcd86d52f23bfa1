import { beforeAll, describe, expect, test } from 'bun:test';
import { type Static, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { About } from '../../src/core/http/about-schema.ts';
import { en } from '../../src/web/words/en.ts';
import { pt } from '../../src/web/words/pt.ts';
import { chromiumPath, withoutBrowser } from '../support/browser.ts';
import { SLOW_MS, stage } from './stage.ts';
import { LANGUAGES, VIEWS, type ViewName, type Visit, visit } from './visit.ts';

const Shown = Type.Array(
  Type.Object({
    name: Type.String(),
    value: Type.String(),
    text: Type.String(),
    title: Type.String(),
    isCell: Type.Boolean(),
  }),
);
type Shown = Static<typeof Shown>[number];
const Snapshot = Type.Object({ seq: Type.Integer(), data: Type.Unknown() });

/** The field that names a row in each list, as the tables of the page do. */
const KEYS: Readonly<Record<string, string>> = {
  'claims.active': 'id',
  'claims.byStatus': 'Status',
  'claims.byReason': 'Reason',
  'financial.revenueByDay': 'Date',
  'subscriptions.list': 'Id',
  'subscriptions.byPlan': 'PlanName',
  'support.list': 'Id',
  'support.byContext': 'Context',
  'support.logs': 'Level',
  'content.list': 'Id',
  'users.list': 'Id',
  'storage.stats.CategoryBreakdown': 'FeatureCategoria',
  'storage.largestFiles': 'Id',
};

const SHOWN_OTHERWISE = new Set([
  // A size is written once, in the unit that is read best.
  'storage.stats.TotalBytes',
  'storage.stats.TotalMB',
  // The pressed button of the growth's period.
  'storage.growth.Summary.Days',
  // A chart shows them.
  'financial.chargebacks.Novo',
  'financial.chargebacks.AguardandoEvidencias',
  'financial.chargebacks.EvidenciasEnviadas',
  'financial.chargebacks.Ganhamos',
  'financial.chargebacks.Perdemos',
]);

const FEATURES = VIEWS.filter((view) => view !== 'overview');

describe.skipIf(chromiumPath === undefined)(`the figures of the page${withoutBrowser}`, () => {
  const on = stage();
  let about: About;
  const answers = new Map<string, unknown>();

  beforeAll(async () => {
    const { url } = on.server;
    about = Value.Parse(About, await (await fetch(`${url}/api/about`)).json());
    for (const feature of FEATURES) {
      const snapshot = Value.Parse(Snapshot, await (await fetch(`${url}/api/${feature}`)).json());
      answers.set(feature, snapshot.data);
    }
  }, SLOW_MS);

  /** What the REST answer holds for a figure of the page, and in what unit. */
  const answered = (name: string) => {
    const [feature = ''] = name.split('.');
    const described = about.features.find((one) => one.name === feature);
    const path = name.slice(feature.length + 1);
    const figure = described?.figures.find((one) => one.path === path);
    if (figure !== undefined) return { value: valueAt(answers.get(feature), path), unit: figure.unit };
    const list = described?.lists.find((one) => path.startsWith(`${one.path}.`));
    const column = list?.columns.find((one) => path.endsWith(`.${one.name}`));
    if (list === undefined || column === undefined) throw new Error(`The catalogue has no ${name}`);
    const key = path.slice(list.path.length + 1, -column.name.length - 1);
    const field = KEYS[`${feature}.${list.path}`] ?? '';
    const rows = Value.Parse(
      Type.Array(Type.Record(Type.String(), Type.Unknown())),
      valueAt(answers.get(feature), list.path),
    );
    const row = rows.find((one) => String(one[field]) === key);
    if (row === undefined) throw new Error(`The answer has no row for ${name}`);
    return { value: row[column.name], unit: column.unit };
  };

  const expectAnswered = async (page: Visit, language: string, shown: readonly Shown[]) => {
    for (const { name, value, text, title, isCell } of shown) {
      const answer = answered(name);
      expect(`${name} ${value}`).toBe(`${name} ${answer.value ?? ''}`);
      const isNumber = typeof answer.value === 'number';
      const write = (precise: boolean) =>
        page.probe(Type.String(), `written('${language}', ${answer.value}, '${answer.unit}', ${precise})`);
      const exact = isNumber ? await write(true) : '–';
      expect(`${name} ${text}`).toBe(`${name} ${isNumber && !isCell ? await write(false) : exact}`);
      if (isNumber) expect(`${name} ${title}`).toBe(`${name} ${exact}`);
    }
  };

  const headlinesOf = (view: ViewName) =>
    about.features
      .filter(({ name }) => view === 'overview' || view === name)
      // A card of the overview has room for four.
      .flatMap(({ name, headlines }) =>
        headlines.slice(0, view === 'overview' ? 4 : undefined).map((path) => `${name}.${path}`),
      );

  test.each(LANGUAGES)(
    `equal the answers of REST in every view and every page of its tables, written in %s${withoutBrowser}`,
    async (language) => {
      const page = await visit(on.browser, on.server.url, { language });
      for (const view of VIEWS) {
        await page.show(view);
        const shown = await page.probe(Shown, 'figures()');
        const names = new Set(shown.map(({ name }) => name));
        expect(headlinesOf(view).filter((name) => !names.has(name))).toEqual([]);
        await expectAnswered(page, language.replace('en-US', 'en'), shown);
        const next = page.page.getByRole('button', { name: (language === 'pt-BR' ? pt : en).table.next });
        while ((await next.count()) > 0 && (await next.isEnabled())) {
          await next.click();
          const cells = (await page.probe(Shown, 'figures()')).filter(({ isCell }) => isCell);
          await expectAnswered(page, language.replace('en-US', 'en'), cells);
        }
      }
      await page.close();
    },
    SLOW_MS,
  );

  test(
    `are all those of the catalogue, each in its view${withoutBrowser}`,
    async () => {
      const page = await visit(on.browser, on.server.url);
      for (const feature of about.features) {
        await page.show(Value.Parse(Type.Union(FEATURES.map((name) => Type.Literal(name))), feature.name));
        const names = new Set((await page.probe(Shown, 'figures()')).map(({ name }) => name));
        const missing = feature.figures.map(({ path }) => path).filter((path) => !names.has(`${feature.name}.${path}`));
        expect(missing.filter((path) => !SHOWN_OTHERWISE.has(`${feature.name}.${path}`))).toEqual([]);
      }
      await page.close();
    },
    SLOW_MS,
  );

  const Charts = Type.Array(Type.Object({ title: Type.String(), columns: Type.Array(Type.Array(Type.String())) }));

  test.each([
    ['overview', 'financial', pt.revenueByDay, 'revenueByDay.Amount', 'BRL'],
    ['claims', 'claims', pt.views.claims.trendAmount, 'trend.AmountAtRisk', 'BRL'],
    ['financial', 'financial', pt.views.financial.salesByDay, 'revenueByDay.Count', 'count'],
    ['storage', 'storage', pt.views.storage.sizeByDay, 'growth.TrendData.GBAdded', 'gigabytes'],
  ] as const)(
    `of a chart in %s are those of %s: %s${withoutBrowser}`,
    async (view, feature, title, path, unit) => {
      const page = await visit(on.browser, on.server.url);
      await page.show(view);
      const charts = await page.probe(Charts, 'charts()');
      const chart = charts.find((one) => one.title === pt.chart.asTable(title));
      const column = path.split('.').at(-1) ?? '';
      const rows = Value.Parse(
        Type.Array(Type.Record(Type.String(), Type.Unknown())),
        valueAt(answers.get(feature), path.slice(0, -column.length - 1)),
      );
      const values = rows.map((row) => Value.Parse(Type.Number(), row[column]));
      expect(values.length).toBeGreaterThan(10);
      const texts = await page.probe(
        Type.Array(Type.String()),
        `writtenAll('pt-BR', ${JSON.stringify(values)}, '${unit}')`,
      );
      expect(chart?.columns[0]).toEqual(texts);
      await page.close();
    },
    SLOW_MS,
  );

  test(
    `of the chargebacks by status are those of the answer${withoutBrowser}`,
    async () => {
      const page = await visit(on.browser, on.server.url);
      await page.show('financial');
      const charts = await page.probe(Charts, 'charts()');
      const chart = charts.find((one) => one.title === pt.chart.asTable(pt.views.financial.chargebacksByStatus));
      const counts = ['Novo', 'AguardandoEvidencias', 'EvidenciasEnviadas', 'Ganhamos', 'Perdemos'].map((status) =>
        String(valueAt(answers.get('financial'), `chargebacks.${status}`)),
      );
      expect(chart?.columns[0]).toEqual(counts);
      await page.close();
    },
    SLOW_MS,
  );
});

/** What stands at a path of an answer; undefined where nothing does. */
function valueAt(data: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      data,
    );
}
