import type { Database } from 'bun:sqlite';
import { HOUR_MS, type Instant } from '../figures/calendar.ts';
import { NO_NUMBER, rollupKey } from './expression.ts';
import type { Rollup } from './rollup.ts';

/** A span of time: from an instant on, and before another. */
export interface Span {
  readonly from: Instant;
  readonly before: Instant;
}

type Totals<Row> = Omit<Row, 'hour'> & { readonly span: number };

/** See `MirrorReader.totals`. */
export function windowTotals<Row>(database: Database, rollup: Rollup<Row>, spans: readonly Span[]): Totals<Row>[] {
  const { whole, broken } = statementsOf(rollup);
  // A statement a span: its groups are few and in order, where those of all spans together would have to be sorted.
  const ofWhole = database.query<Totals<Row>, number[]>(whole);
  const ofBroken = database.query<Totals<Row>, number[]>(broken);
  return spans.flatMap(({ from, before }, index) => {
    const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS;
    const lastHour = Math.floor(before / HOUR_MS) * HOUR_MS;
    if (from === firstHour && lastHour === before) return ofWhole.all(index, from, before);
    if (firstHour > lastHour) return ofBroken.all(index, 0, 0, from, before, 0, 0);
    return ofBroken.all(index, firstHour, lastHour, from, firstHour, lastHour, before);
  });
}

interface Statements {
  /** For a span of whole hours: its place, and its two ends. */
  readonly whole: string;
  /** For any span: its place, the ends of its whole hours, and those of the broken hours at both edges. */
  readonly broken: string;
}

const known = new WeakMap<Rollup, Statements>();

function statementsOf(rollup: Rollup): Statements {
  const statements = known.get(rollup) ?? compile(rollup);
  known.set(rollup, statements);
  return statements;
}

function compile({ name, by, sums, hourly }: Rollup): Statements {
  if (hourly === null) throw new TypeError(`The rollup ${name} has no hours`);
  const { part, at } = hourly;
  const groups = by.filter((key) => key !== 'hour');
  const edges = [
    ...groups.map((key) => `coalesce(${part.by[key]?.sql('') ?? 'null'}, ${NO_NUMBER}) as "${key}"`),
    'count(*) as "count"',
    ...sums.map((sum) => `sum(coalesce(${part.sums[sum]?.sql('') ?? '0'}, 0)) as "${sum}"`),
  ];
  const grouped = groups.length === 0 ? '' : ` group by ${groups.map((_, index) => index + 1).join(', ')}`;
  const condition = part.where === null ? '' : ` and ${part.where.sql('')}`;
  const hours = `from "${name}" where "hour" >= ? and "hour" < ?`;
  // Added up by itself: a busy hour has many rows and few groups.
  const edge = `select ${edges.join(', ')} from "${part.of}" where "${at}" >= ? and "${at}" < ?${condition}${grouped}`;
  const names = [...groups, 'count', ...sums].map((column) => `"${column}"`);
  const totals = [
    '? as "span"',
    ...groups.map(rollupKey),
    ...['count', ...sums].map((sum) => `sum("${sum}") as "${sum}"`),
  ];
  const together = groups.length === 0 ? '' : ` group by ${groups.map((key) => `"${key}"`).join(', ')}`;
  const select = (from: string) => `select ${totals.join(', ')} ${from}${together} having sum("count") > 0`;
  return {
    whole: select(hours),
    broken: select(`from (select ${names.join(', ')} ${hours} union all ${edge} union all ${edge})`),
  };
}
