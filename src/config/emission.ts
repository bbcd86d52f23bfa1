import type { Reading } from './databases.ts';
import { VARIABLES } from './variables.ts';

const INTERVAL_OF_HUB = 'EMIT_INTERVAL_MS_';
/** Sent at once, whatever the interval. */
const NOTIFICATIONS = 'NOTIFICATIONS';
const ALL = 'ALL';

export interface EmissionConfig {
  readonly intervalMs: number;
  readonly intervalMsByHub: Readonly<Record<string, number>>;
  readonly unchanged: boolean;
}

/** @param names of all variables, those of other programs too */
export function readEmission(
  { get, isSet, report }: Reading,
  features: readonly string[],
  names: readonly string[],
): EmissionConfig {
  const hubs = [...features.map((feature) => feature.toUpperCase()), NOTIFICATIONS];
  const intervals = names.filter((name) => name.startsWith(INTERVAL_OF_HUB) && isSet(name));
  const byHub = intervals.flatMap((name): [string, number][] => {
    const hub = name.slice(INTERVAL_OF_HUB.length);
    if (hubs.includes(hub)) return [[hub.toLowerCase(), get(name, VARIABLES.EMIT_INTERVAL_MS)]];
    report(
      hub === ALL
        ? `${name}: the hub all sends what the others do, when they do; EMIT_INTERVAL_MS is for every hub`
        : `${name}: there is no such hub; the hubs are ${hubs.join(', ')}`,
    );
    return [];
  });
  return {
    intervalMs: get('EMIT_INTERVAL_MS', VARIABLES.EMIT_INTERVAL_MS),
    intervalMsByHub: Object.fromEntries(byHub),
    unchanged: get('EMIT_UNCHANGED', VARIABLES.EMIT_UNCHANGED),
  };
}

/** What a person should know of intervals that are set. */
export function emissionNotices({ isSet }: Pick<Reading, 'isSet'>): string[] {
  const name = `${INTERVAL_OF_HUB}${NOTIFICATIONS}`;
  return isSet(name) ? [`${name} is not used: notifications are sent at once`] : [];
}

export function isIntervalOfHub(name: string): boolean {
  return name.startsWith(INTERVAL_OF_HUB);
}
