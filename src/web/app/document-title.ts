import { effect } from '@preact/signals';
import type { Live } from '../live/live.ts';
import { routeTitle } from '../live/titles.ts';
import { route } from './router.ts';

/** Names the view in the browser's tab and history. */
export function followTitle(live: Live): void {
  effect(() => {
    const name = live.about.value?.name ?? 'Greg BI';
    const title = routeTitle(live, route.value);
    document.title = title === '' ? name : `${title} · ${name}`;
  });
}
