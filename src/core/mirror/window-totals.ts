import type { Database } from 'bun:sqlite';
import type { Instant } from '../figures/calendar.ts';
import { HOUR_MS, NO_NUMBER } from './expression.ts';
import type { Rollup } from './rollup.ts';

/** A span of time: from an instant on, and before another. */
export interface Span {
  readonly from: Instant;
  readonly before: Instant;
}

type Totals<Row> = Omit<Row, 'hour'> & { readonly span: number };

/** See `MirrorReader.totals`. */
export function windowTotals<Row>(database: Database, rollup: Rollup<Row>, spans: readonly Span[]): Totals<Row>[] {
  const { hourly } = rollup;
  if (hourly === null) throw new TypeError(`The rollup ${rollup.name} has no hours`);
  const whole: (readonly [number, Instant, Instant])[] = [];
  const broken: (readonly [number, Instant, Instant])[] = [];
  for (const [index, { from, before }] of spans.entries()) {
    const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS;
    const lastHour = Math.floor(before / HOUR_MS) * HOUR_MS;
    if (firstHour > lastHour) broken.push([index, from, before]);
    else {
      whole.push([index, firstHour, lastHour]);
      if (from < firstHour) broken.push([index, from, firstHour]);
      if (lastHour < before) broken.push([index, lastHour, before]);
    }
  }
  const statement = statementOf(rollup, hourly);
  return database.query<Totals<Row>, [string, string]>(statement).all(JSON.stringify(whole), JSON.stringify(broken));
}

const statements = new WeakMap<Rollup, string>();

/** Whole hours and broken ones in one statement, added up by span and group. */
function statementOf(rollup: Rollup, { part, at }: NonNullable<Rollup['hourly']>): string {
  const known = statements.get(rollup);
  if (known !== undefined) return known;
  const groups = rollup.by.filter((key) => key !== 'hour');
  const names = [...groups, 'count', ...rollup.sums].map((name) => `"${name}"`);
  const edges = [
    ...groups.map((key) => `coalesce(${part.by[key]?.sql('r.') ?? 'null'}, ${NO_NUMBER})`),
    '1',
    ...rollup.sums.map((sum) => `coalesce(${part.sums[sum]?.sql('r.') ?? '0'}, 0)`),
  ];
  const span = 'json_each(?) as s';
  const within = (column: string) => `${column} >= s.value ->> 1 and ${column} < s.value ->> 2`;
  const condition = part.where === null ? '' : ` and ${part.where.sql('r.')}`;
  const statement = `
    select "span", ${groups.map((key) => `nullif("${key}", ${NO_NUMBER}) as "${key}", `).join('')}
      sum("count") as "count"${rollup.sums.map((sum) => `, sum("${sum}") as "${sum}"`).join('')}
    from (
      select s.value ->> 0 as "span", ${names.map((name) => `r.${name}`).join(', ')}
      from ${span} cross join "${rollup.name}" as r where ${within('r."hour"')}
      union all
      select s.value ->> 0, ${edges.join(', ')}
      from ${span} cross join "${part.of}" as r where ${within(`r."${at}"`)}${condition}
    )
    group by ${['"span"', ...groups.map((key) => `"${key}"`)].join(', ')}`;
  statements.set(rollup, statement);
  return statement;
}
