import type { Expression, RawBuilder, SelectQueryBuilder } from 'kysely';
import type { Instant } from '../../figures/calendar.ts';
import type { BitColumn, DurationColumn, InstantColumn, MoneyColumn } from './tables.ts';

/** A number where the column is always there, a number or null where it may be missing. */
type NumberOf<Column> = null extends Column ? number | null : number;
type TextOf<Column> = null extends Column ? string | null : string;

/**
 * What truly differs between the engines, and nothing else. A repository written against this compiles for SQLite and
 * for SQL Server from the same source.
 *
 * No expression here binds a parameter, except where it says so: T-SQL refuses a grouped expression that holds one.
 */
export interface SqlDialect {
  readonly engine: 'sqlite' | 'sqlserver';

  /** Money in whole cents, exact; safe to sum. */
  cents<Column extends MoneyColumn | null>(money: Expression<Column>): RawBuilder<NumberOf<Column>>;
  /** Milliseconds since 1970, finer digits cut off. */
  instant<Column extends InstantColumn | null>(column: Expression<Column>): RawBuilder<NumberOf<Column>>;
  /** An instant as the engine compares it. Binds a parameter. */
  at(instant: Instant): RawBuilder<InstantColumn>;
  /** `YYYY-MM-DD`, UTC. */
  day<Column extends InstantColumn | null>(column: Expression<Column>): RawBuilder<TextOf<Column>>;
  /** `YYYY-MM`, UTC. */
  month<Column extends InstantColumn | null>(column: Expression<Column>): RawBuilder<TextOf<Column>>;
  /** Milliseconds from one instant to another; null when either is missing. */
  elapsed(from: Expression<InstantColumn | null>, to: Expression<InstantColumn | null>): RawBuilder<number | null>;
  /** Whole 24-hour days from an instant to `now`; 0 for one that lies ahead. Binds a parameter. */
  wholeDays(from: Expression<InstantColumn>, now: Instant): RawBuilder<number>;
  /** A length of time in milliseconds. */
  duration<Column extends DurationColumn | null>(column: Expression<Column>): RawBuilder<NumberOf<Column>>;
  /** 1 or 0. */
  flag<Column extends BitColumn | null>(column: Expression<Column>): RawBuilder<NumberOf<Column>>;
  /** Text compared code point by code point: groups `A` and `a` apart, and orders the same on every engine. */
  exactText<Text extends string | null>(column: Expression<Text>): RawBuilder<Text>;
  /** Text made by `exactText`, to be compared with a key column again. */
  keyText<Text extends string | null>(text: Expression<Text>): RawBuilder<Text>;
  /** The first `count` rows of an ordered query. */
  firstRows<DB, TB extends keyof DB, Output>(
    query: SelectQueryBuilder<DB, TB, Output>,
    count: number,
  ): SelectQueryBuilder<DB, TB, Output>;
}
