import { ROUTES, type Route } from '../app/routes.ts';
import { RANGES, type Range } from '../history/range.ts';

/** Settings of the wall, read from the address: `/?wall=1&rotate=20&views=overview,financial&theme=light&range=30d`. */
export interface WallSettings {
  readonly views: readonly Route[];
  /** How long each view is shown. */
  readonly rotateMs: number;
  readonly theme: 'dark' | 'light';
  /** The period that figures are compared over; undefined for the one that this browser keeps. */
  readonly range?: Range;
}

const DEFAULT_SECONDS = 20;
const FEWEST_SECONDS = 3;
const MOST_SECONDS = 3600;

/** Undefined if the address does not ask for a wall. Invalid values are replaced by defaults. */
export function wallSettings(search: string): WallSettings | undefined {
  const query = new URLSearchParams(search);
  if (!['1', 'true', 'yes', ''].includes(query.get('wall') ?? 'no')) return undefined;
  const asked = (query.get('views') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const views = asked.flatMap((name) => ROUTES.find((route) => route === name) ?? []);
  const seconds = Number(query.get('rotate') ?? DEFAULT_SECONDS);
  const bounded = seconds > 0 ? Math.min(MOST_SECONDS, Math.max(FEWEST_SECONDS, seconds)) : DEFAULT_SECONDS;
  const range = RANGES.find((each) => each === query.get('range'));
  return {
    views: views.length === 0 ? ROUTES : views,
    rotateMs: bounded * 1000,
    theme: query.get('theme') === 'light' ? 'light' : 'dark',
    ...(range === undefined ? {} : { range }),
  };
}

/**
 * The view that is shown at an instant.
 *
 * It depends only on the clock: reloads, pauses and late timers change nothing, and all walls show the same view.
 */
export function turnAt(now: number, { views, rotateMs }: WallSettings): { view: Route; turn: number; untilMs: number } {
  const turn = Math.floor(now / rotateMs);
  return { view: views[turn % views.length] ?? 'overview', turn, untilMs: (turn + 1) * rotateMs - now };
}

const SHIFT_MS = 60_000;
const SHIFTS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/** The offset in pixels of the whole page, which changes every minute against burn-in. */
export function burnInShift(now: number): readonly [number, number] {
  return SHIFTS[Math.floor(now / SHIFT_MS) % SHIFTS.length] ?? [0, 0];
}
