import { ROUTES, type Route } from '../app/routes.ts';

/** What a wall shows, from its address: `/?wall=1&rotate=20&views=overview,financial&theme=light`. */
export interface WallSettings {
  readonly views: readonly Route[];
  /** How long each view stays; with one view nothing turns. */
  readonly rotateMs: number;
  readonly theme: 'dark' | 'light';
}

const DEFAULT_SECONDS = 20;
const FEWEST_SECONDS = 3;
const MOST_SECONDS = 3600;

/** Undefined where the address asks for no wall. What makes no sense in it gives way to the default. */
export function wallSettings(search: string): WallSettings | undefined {
  const query = new URLSearchParams(search);
  if (!['1', 'true', 'yes', ''].includes(query.get('wall') ?? 'no')) return undefined;
  const asked = (query.get('views') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const views = asked.flatMap((name) => ROUTES.find((route) => route === name) ?? []);
  const seconds = Number(query.get('rotate') ?? DEFAULT_SECONDS);
  const bounded = seconds > 0 ? Math.min(MOST_SECONDS, Math.max(FEWEST_SECONDS, seconds)) : DEFAULT_SECONDS;
  return {
    views: views.length === 0 ? ROUTES : views,
    rotateMs: bounded * 1000,
    theme: query.get('theme') === 'light' ? 'light' : 'dark',
  };
}

/**
 * Which view is on at an instant.
 *
 * It follows from the clock alone: a reload, a pause or a late timer changes nothing, and two walls turn together.
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

/** By how many pixels everything is moved, so that no edge burns in. */
export function burnInShift(now: number): readonly [number, number] {
  return SHIFTS[Math.floor(now / SHIFT_MS) % SHIFTS.length] ?? [0, 0];
}
