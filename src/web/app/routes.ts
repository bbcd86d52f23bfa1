import type { FeatureName } from '../../client/index.ts';

export const FEATURE_NAMES = [
  'claims',
  'financial',
  'subscriptions',
  'support',
  'content',
  'users',
  'storage',
] as const satisfies readonly FeatureName[];

export type Route = 'overview' | FeatureName;

export const ROUTES: readonly Route[] = ['overview', ...FEATURE_NAMES];

/** The view that a fragment names; undefined where it names none, as that of the skip link. */
export function routeOf(hash: string): Route | undefined {
  const name = hash.replace(/^#?\/?/, '');
  return name === '' ? 'overview' : ROUTES.find((route) => route === name);
}

export function hrefOf(route: Route): string {
  return route === 'overview' ? '#/' : `#/${route}`;
}
