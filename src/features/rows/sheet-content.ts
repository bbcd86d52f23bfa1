import type { Instant } from '../../core/figures/calendar.ts';
import type { Figure } from '../../core/figures/catalogue.ts';
import type { Sheet } from '../../core/figures/sheet.ts';
import { valueAt } from '../../core/figures/value-at.ts';
import type { Calendar } from '../../core/figures/zone.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import type { Snapshot } from '../../core/runtime/snapshot.ts';
import { cellText, minuteText, UNITS } from './cells.ts';

/** The sheet with every headline of every feature. */
export const DASHBOARD = 'Dashboard';

/** What a sheet should hold: the header and the rows, all of the same length. */
export interface SheetContent {
  readonly name: string;
  /** The feature that declares it; null for `Dashboard`. */
  readonly feature: string | null;
  readonly rows: readonly (readonly string[])[];
}

export function sheetContent(sheet: Sheet, { feature, data }: Snapshot, calendar: Calendar): SheetContent {
  const { name } = sheet;
  if ('figures' in sheet) {
    const rows = sheet.figures.map((figure) => [
      figure.title.pt,
      figureText(data, figure, calendar),
      UNITS[figure.unit],
    ]);
    return { name, feature, rows: [['Indicador', 'Valor', 'Unidade'], ...rows] };
  }
  const { path, columns } = sheet.list;
  const list = valueAt(data, path);
  const header = columns.map(({ title }) => title.pt);
  const rows = (Array.isArray(list) ? list : []).map((row) =>
    columns.map((column) => cellText(valueAt(row, column.name), column.kind, calendar)),
  );
  return { name, feature, rows: [header, ...rows] };
}

/** The value of a headline, and since when it has been so. */
export interface Headline {
  readonly value: string;
  readonly since: Instant;
}

/** Headlines by feature and path: `claims.summary.WinRate`. */
export type Headlines = Readonly<Record<string, Headline>>;

/**
 * The headlines of the newest snapshots. The instant of one changes with its value alone, since each change costs requests. A
 * feature without a snapshot keeps the headlines it had.
 */
export function headlinesOf(
  features: readonly Feature[],
  snapshots: ReadonlyMap<string, Snapshot>,
  before: Headlines,
  calendar: Calendar,
): Headlines {
  const headlines: Record<string, Headline> = {};
  for (const [feature, figure] of headlineFigures(features)) {
    const key = `${feature.name}.${figure.path}`;
    const snapshot = snapshots.get(feature.name);
    const known = before[key];
    const value = snapshot === undefined ? known?.value : figureText(snapshot.data, figure, calendar);
    if (known !== undefined && known.value === value) headlines[key] = known;
    else if (snapshot !== undefined && value !== undefined) headlines[key] = { value, since: snapshot.generatedAt };
  }
  return headlines;
}

export function dashboardContent(features: readonly Feature[], headlines: Headlines, calendar: Calendar): SheetContent {
  const rows = headlineFigures(features).map(([feature, figure]) => {
    const headline = headlines[`${feature.name}.${figure.path}`];
    const since = headline === undefined ? '' : minuteText(headline.since, calendar);
    return [feature.title.pt, figure.title.pt, headline?.value ?? '', UNITS[figure.unit], since];
  });
  return {
    name: DASHBOARD,
    feature: null,
    rows: [['Área', 'Indicador', 'Valor', 'Unidade', 'Atualizado em'], ...rows],
  };
}

function headlineFigures(features: readonly Feature[]): [Feature, Figure][] {
  return features.flatMap((feature) =>
    feature.headlines.flatMap((path): [Feature, Figure][] => {
      const figure = feature.catalogue.figures.find((each) => each.path === path);
      return figure === undefined ? [] : [[feature, figure]];
    }),
  );
}

function figureText(data: unknown, { path }: Figure, calendar: Calendar): string {
  return cellText(valueAt(data, path), 'number', calendar);
}
