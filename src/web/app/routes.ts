import { FEATURE_NAMES, type FeatureName } from '../../client/index.ts';

export type Route = 'overview' | FeatureName;

export const ROUTES: readonly Route[] = ['overview', ...FEATURE_NAMES];

/** The view of an address fragment; undefined if it names none, such as the skip link's. */
export function routeOf(hash: string): Route | undefined {
  if (hash === '' || hash === '#') return 'overview';
  return ROUTES.find((route) => hrefOf(route) === hash);
}

export function hrefOf(route: Route): string {
  return route === 'overview' ? '#/' : `#/${route}`;
}
