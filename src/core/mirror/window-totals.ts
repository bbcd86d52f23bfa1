import type { Database } from 'bun:sqlite';
import { HOUR_MS } from '../figures/calendar.ts';
import type { Span } from '../figures/span.ts';
import { NO_NUMBER, rollupKey } from './expression.ts';
import type { Rollup } from './rollup.ts';

type Totals<Row> = Omit<Row, 'hour'> & { readonly span: number };

/** See `MirrorReader.totals`. */
export function windowTotals<Row>(database: Database, rollup: Rollup<Row>, spans: readonly Span[]): Totals<Row>[] {
  const { whole, partial } = statementsOf(rollup);
  // One statement per span: a statement for all spans would have to sort their groups.
  const ofWhole = database.query<Totals<Row>, number[]>(whole);
  const ofPartial = database.query<Totals<Row>, number[]>(partial);
  return spans.flatMap(({ from, before }, index) => {
    const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS;
    const lastHour = Math.floor(before / HOUR_MS) * HOUR_MS;
    if (from === firstHour && lastHour === before) return ofWhole.all(index, from, before);
    if (firstHour > lastHour) return ofPartial.all(index, 0, 0, from, before, 0, 0);
    return ofPartial.all(index, firstHour, lastHour, from, firstHour, lastHour, before);
  });
}

interface Statements {
  /** For a span of whole hours. Parameters: index of the span, its two ends. */
  readonly whole: string;
  /** For any span. Parameters: index of the span, the ends of its whole hours, the ends of each partial hour at its edges. */
  readonly partial: string;
}

const cache = new WeakMap<Rollup, Statements>();

function statementsOf(rollup: Rollup): Statements {
  const statements = cache.get(rollup) ?? compile(rollup);
  cache.set(rollup, statements);
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
  // Grouped before the union: a busy hour has many rows and few groups.
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
    partial: select(`from (select ${names.join(', ')} ${hours} union all ${edge} union all ${edge})`),
  };
}
