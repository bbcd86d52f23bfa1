import fc from 'fast-check';
import { day } from './rules.ts';
import { clockChangesIn, dateIn, startOfDateIn } from './zones.ts';

const hour = 3_600_000;

/** When and where a company is, and how many rows each of its tables has at most. */
export interface Setting {
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly count: number;
}

/** Instants that could be "now": leap days, first and last milliseconds of months and years, clock changes, any other. */
export const someNow: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    ...[
      '2024-02-29T12:34:56.789Z',
      '2024-02-29T00:00:00.000Z',
      '2024-03-01T00:00:00.000Z',
      '2024-03-30T23:59:59.999Z',
      '2025-02-28T23:59:59.999Z',
      '2025-03-31T08:00:00.000Z',
      '2025-12-31T23:59:59.999Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-31T10:20:30.400Z',
      '2026-07-01T03:00:00.001Z',
      '2026-11-24T22:15:00.000Z',
      // São Paulo: midnight of the new year, the month before that, and clocks set forward over midnight, then back.
      '2026-01-01T02:59:59.999Z',
      '2026-01-01T03:00:00.000Z',
      '2018-11-04T03:00:00.000Z',
      '2019-02-17T02:30:00.000Z',
      // Apia after the day that was skipped; Casablanca after Ramadan; Lord Howe, London and New York in autumn.
      '2012-01-02T12:00:00.000Z',
      '2026-03-22T02:00:00.000Z',
      '2026-04-04T15:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-11-01T06:00:00.000Z',
    ].map((text) => Date.parse(text)),
  ),
  fc.integer({ min: Date.parse('2023-01-01T00:00:00Z'), max: Date.parse('2030-12-31T23:59:59Z') }),
  fc.integer({ min: Date.parse('2010-01-01T00:00:00Z'), max: Date.parse('2022-12-31T23:59:59Z') }),
);

/**
 * Instants around `now`: on, just before and just after the edges of every window, day and month that a figure has in the
 * time zone, and the changes of its clocks.
 */
export function instantNear(now: number, timeZone: string): fc.Arbitrary<number> {
  const back = (count: number) => now - count * day;
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...edgesNear(now, timeZone)), shifts).map(added) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 60 * 24 }).map((hours) => now - hours * hour) },
    { weight: 1, arbitrary: fc.integer({ min: back(400), max: back(-40) }) },
    { weight: 1, arbitrary: fc.constantFrom(back(3), back(45)) },
  );
}

const shifts = fc.constantFrom(0, 0, 0, -1, -1, 1, 1, -hour, hour);

/** Finding them takes milliseconds, and every column of a company asks for the same. */
let found: { readonly now: number; readonly zone: string; readonly edges: readonly number[] } | undefined;

function edgesNear(now: number, zone: string): readonly number[] {
  if (found?.now !== now || found.zone !== zone) found = { now, zone, edges: findEdges(now, zone) };
  return found.edges;
}

function findEdges(now: number, zone: string): number[] {
  const back = (count: number) => now - count * day;
  const today = Date.parse(`${dateIn(zone, now)}T00:00:00Z`);
  const start = (utc: number) => startOfDateIn(zone, new Date(utc).toISOString().slice(0, 10));
  const dayStart = (count: number) => start(today - count * day);
  const monthStart = (count: number) =>
    start(Date.UTC(new Date(today).getUTCFullYear(), new Date(today).getUTCMonth() - count, 1));
  return [
    ...[-40, -7, -1, 0, 1, 2, 7, 29, 30, 31, 32, 60, 89, 90, 365, 366].map(back),
    ...[-1, 0, 1, 6, 7, 28, 29, 30, 89, 90, 364].map(dayStart),
    ...[-1, 0, 1, 2, 10, 11, 12, 13].map(monthStart),
    ...clockChangesIn(zone, back(366), now),
    ...['2024-02-29T00:00:00Z', '2024-03-01T00:00:00Z', '2025-03-01T00:00:00Z'].map((text) => Date.parse(text)),
  ];
}

function added([edge, shift]: [number, number]): number {
  return edge + shift;
}

/** A code in any spelling that means the same. */
export function spelt(...codes: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...codes),
      fc.constantFrom(
        (text: string) => text,
        (text: string) => text,
        (text: string) => text.toUpperCase(),
        (text: string) => text.toLowerCase(),
        (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1),
      ),
      fc.constantFrom('', '', '', ' ', '   '),
      fc.constantFrom('', '', '', ' ', '  '),
    )
    .map(([code, respelt, before, after]) => `${before}${respelt(code)}${after}`);
}

/** Values outside every list, with relatives that differ only in letter case and blanks, and names that objects have. */
export const unknownCode: fc.Arbitrary<string> = fc.constantFrom(
  ...['outro', 'Outro', 'OUTRO', ' outro', 'Outro ', 'Não', 'NÃO', 'não ', 'zz top', '', '   '],
  ...['5', '05', '-1', '00', '1.0', 'constructor', '__proto__', 'toString', 'approvedx', 'app roved', 'a'],
);

/** @param codes those of the list, aliases too; most values come from the first `frequent` of them */
export function code(codes: readonly string[], frequent: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: spelt(...codes.slice(0, frequent)) },
    { weight: 3, arbitrary: spelt(...codes) },
    { weight: 2, arbitrary: unknownCode },
  );
}

/** Cents: ties, halves of a cent once divided, the largest that the column holds, and amounts below zero. */
export const cents: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 5, 10, 50, 99, 100, 101, 333, 1005, 9_999, 19_990, 19_990, -1, -5, -19_990),
  fc.constantFrom(9_999_999_999, 8_999_999_999, -9_999_999_999),
  fc.integer({ min: 0, max: 500_000 }),
);

/** Names whose order depends on what they are compared by. */
export const name: fc.Arbitrary<string> = fc.constantFrom(
  ...['Ana', 'ana', 'ANA', 'Ána', 'Ãna', 'Zoe', 'zoe', 'Élcio', 'Elcio', 'elcio 2', 'elcio 10', 'b', 'B', 'a b', 'a-b'],
  ...['', ' Ana', "D'Ávila", 'ç', 'c', 'd', '_', '1', '10', '2', 'constructor', '%', "'; --", 'Curso de São Paulo'],
);

/**
 * Keys for `count` rows and some more, distinct even where letter case is ignored, and in no order of their own.
 */
export function textKeys(prefix: string, count: number): string[] {
  const awkward = ['b2', 'A1', 'a10', 'Z9', '_x', 'é1', '10', '9', 'c-3', 'D_4', '111', 'm'];
  return Array.from(
    { length: count > 12 ? 2 * count : count + 3 },
    (_, index) => awkward[index] ?? `${prefix}${(index * 37) % 1000}`,
  );
}
