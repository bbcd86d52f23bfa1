import { signal } from '@preact/signals';
import type { FeatureName } from '../../client/index.ts';
import { FEATURE_NAMES } from '../live/live.ts';

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

export const route = signal<Route>(routeOf(location.hash) ?? 'overview');

/** Follows the address. Moves the reading position to the new view, as a new page would. */
export function startRouter(): void {
  addEventListener('hashchange', () => {
    const next = routeOf(location.hash);
    if (next === undefined || next === route.value) return;
    route.value = next;
    scrollTo(0, 0);
    document.getElementById('content')?.focus({ preventScroll: true });
  });
}
