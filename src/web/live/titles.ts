import type { FeatureName } from '../../client/index.ts';
import type { Route } from '../app/routes.ts';
import { titleText, words } from '../words/words.ts';
import type { Figure } from './catalogue.ts';
import { aboutFeature, type Live } from './live.ts';

/** The title of a view; empty until the catalogue is known. */
export function routeTitle(live: Live, name: Route): string {
  return name === 'overview' ? words.value.overview : featureTitle(live, name);
}

export function featureTitle(live: Live, name: FeatureName): string {
  const about = aboutFeature(live, name);
  return about === undefined ? '' : titleText(about.title);
}

/** The catalogue's entry of a figure; undefined until it is known. */
export function describedFigure(live: Live, feature: FeatureName, path: string): Figure | undefined {
  return aboutFeature(live, feature)?.figures.find((figure) => figure.path === path);
}

export function figureTitle(live: Live, feature: FeatureName, path: string): string {
  const described = describedFigure(live, feature, path);
  return described === undefined ? '' : titleText(described.title);
}

/** The title of a list of the catalogue; empty until the server told. */
export function listTitle(live: Live, feature: FeatureName, path: string): string {
  const list = describedList(live, feature, path);
  return list === undefined ? '' : titleText(list.title);
}

/** The title of a column of a list; empty until the server told. */
export function columnTitle(live: Live, feature: FeatureName, path: string, name: string): string {
  const column = describedList(live, feature, path)?.columns.find((one) => one.name === name);
  return column === undefined ? '' : titleText(column.title);
}

function describedList(live: Live, feature: FeatureName, path: string) {
  return aboutFeature(live, feature)?.lists.find((list) => list.path === path);
}
