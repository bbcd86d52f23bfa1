import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { type Calendar, createCalendar } from '../../core/figures/zone.ts';
import { attemptEach } from '../../core/outlets/attempt-each.ts';
import type { Outlet, OutletMemory, Pass } from '../../core/outlets/outlet.ts';
import { RefusedError, RetryLaterError } from '../../core/outlets/outlet-errors.ts';
import { type Clock, systemClock } from '../../core/runtime/clock.ts';
import type { Feature } from '../../core/runtime/define-feature.ts';
import { parseJson } from '../../core/runtime/json.ts';
import { createRowsApi } from './api.ts';
import { checkRows } from './check.ts';
import { AccessRefusedError } from './errors.ts';
import { type Filling, fillSheet } from './fill-sheet.ts';
import type { RowsSettings } from './settings.ts';
import {
  DASHBOARD,
  dashboardContent,
  type Headlines,
  headlinesOf,
  type SheetContent,
  sheetContent,
} from './sheet-content.ts';
import { createTables } from './tables.ts';
import { waitFor } from './wait-for.ts';

/** Of the 60 a minute of a key. The doctor needs the others. */
const RATE = { requests: 50, withinMs: 60_000 };

const REQUEST_WITHIN_MS = 30_000;

/** A first pass makes and fills every table, within the rate. */
const PASS_WITHIN_MS = 600_000;

export interface RowsOutletOptions {
  readonly features: readonly Feature[];
  /** The company's, for dates. */
  readonly timeZone: string;
  readonly clock?: Clock;
}

/**
 * Fills the tables of a spreadsheet in Rows.com: those that the features declare as sheets, and `Dashboard` with every
 * headline.
 *
 * Requests are scarce: a pass sends two for each range of rows that changed.
 *
 * @throws TypeError if two sheets have the same name
 */
export function createRowsOutlet(settings: RowsSettings, options: RowsOutletOptions): Outlet {
  const { features, timeZone, clock = systemClock } = options;
  const { url, spreadsheet, dashboardTable, intervalMs, monthlyRequests } = settings;
  requireUniqueNames(features);
  const calendar = createCalendar(timeZone);
  const givenTables = new Map(dashboardTable === null ? [] : [[DASHBOARD, dashboardTable]]);
  return {
    name: 'rows',
    title: { en: 'Rows.com', pt: 'Rows.com' },
    target: `${url} ${spreadsheet}`,
    watches: 'snapshots',
    budget: { rate: RATE, perMonth: monthlyRequests, requestWithinMs: REQUEST_WITHIN_MS },
    passWithinMs: PASS_WITHIN_MS,
    nextPass: (now) => now + intervalMs,
    async deliver(pass) {
      const { memory, signal, isRequested, requestedFeatures, fetch } = pass;
      const api = createRowsApi({ ...settings, fetch, clock });
      const wait = (milliseconds: number) => waitFor(milliseconds, clock, signal);
      const filling: Filling = {
        ...{ api, tables: createTables(api), memory, givenTables, wait },
        mustRead: ({ feature }) => isRequested && (feature === null || requestedFeatures.has(feature)),
      };
      await fillSheets(filling, await contentsOf(features, pass, calendar), signal);
    },
    check: (check) => checkRows(settings, features, check, clock),
  };
}

function requireUniqueNames(features: readonly Feature[]): void {
  const names = [DASHBOARD, ...features.flatMap(({ sheets }) => sheets.map(({ name }) => name))];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`Two sheets are called ${twice}`);
}

/** The sheets of the features that have a snapshot. */
async function contentsOf(
  features: readonly Feature[],
  { snapshots, memory }: Pass,
  calendar: Calendar,
): Promise<SheetContent[]> {
  const before = rememberedHeadlines(memory);
  const headlines = headlinesOf(features, snapshots, before, calendar);
  // Before anything is sent: another attempt, or another process, must find the same instants.
  if (!Bun.deepEquals(headlines, before)) await memory.save({ [HEADLINES_KEY]: JSON.stringify(headlines) });
  const sheets = features.flatMap((feature) => {
    const snapshot = snapshots.get(feature.name);
    return snapshot === undefined ? [] : feature.sheets.map((sheet) => sheetContent(sheet, snapshot, calendar));
  });
  return [dashboardContent(features, headlines, calendar), ...sheets];
}

const HEADLINES_KEY = 'headlines';
const StoredHeadlines = Type.Record(Type.String(), Type.Object({ value: Type.String(), since: Type.Integer() }));

function rememberedHeadlines(memory: OutletMemory): Headlines {
  const stored = parseJson(memory.get(HEADLINES_KEY) ?? '');
  return Value.Check(StoredHeadlines, stored) ? stored : {};
}

/** @throws RefusedError if every sheet is refused, else the first error that another pass may not meet */
async function fillSheets(filling: Filling, sheets: readonly SheetContent[], signal: AbortSignal): Promise<void> {
  const { failures, succeeded } = await attemptEach(sheets, {
    signal,
    send: (sheet) => fillSheet(filling, sheet),
    concernsAll: (error) => error instanceof AccessRefusedError,
  });
  if (failures.length === 0) return;
  const failure = failures.find((error) => !(error instanceof RefusedError)) ?? failures[0];
  throw failure instanceof RefusedError && succeeded > 0 ? new RetryLaterError(failure.message) : failure;
}
