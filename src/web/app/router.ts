import { signal } from '@preact/signals';
import { type Route, routeOf } from './routes.ts';

/** The view that is shown. */
export const route = signal<Route>(routeOf(location.hash) ?? 'overview');

/** Follows the address, and moves the focus to the new view. */
export function startRouter(): void {
  addEventListener('hashchange', () => {
    const next = routeOf(location.hash);
    if (next === undefined || next === route.value) return;
    route.value = next;
    scrollTo(0, 0);
    document.getElementById('content')?.focus({ preventScroll: true });
  });
}
