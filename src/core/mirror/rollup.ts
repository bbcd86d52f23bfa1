import type { Column } from '../../company/column.ts';
import type { RowOf, Table } from '../../company/table.ts';
import {
  all,
  type Expression,
  hourOf,
  isPresent,
  NO_NUMBER,
  type Relation,
  type RowExpressions,
  relationOf,
  rowExpressions,
} from './expression.ts';
import type { MirrorObject } from './mirror-object.ts';

type Values<Of extends Readonly<Record<string, Expression>>> = {
  [Name in keyof Of]: Of[Name] extends Expression<infer Value> ? Value : never;
};
type By = Readonly<Record<string, Expression<string | number | boolean | null>>>;
type Sums = Readonly<Record<string, Expression<number | null>>>;

/** A row of a rollup: its keys, its row count, and its sums. */
export type RollupRow<OfBy extends By, OfSums extends Sums> = Values<OfBy> & { count: number } & {
  [Name in keyof OfSums]: number;
};

/** The contribution of one relation to a rollup. */
export interface RollupPart<OfBy extends By = By, OfSums extends Sums = Sums> {
  readonly of: string;
  readonly by: OfBy;
  readonly sums: OfSums;
  readonly where: Expression<boolean> | null;
}

/** The source of an hourly rollup's instants. Partial hours at the edges of a window are read from its rows, by index. */
export interface Hourly {
  readonly part: RollupPart;
  readonly at: string;
}

/** Sums by group that triggers keep up to date. The cost of reading them depends on the groups, not on the rows. */
export interface Rollup<Row = unknown> extends Relation<Row>, MirrorObject {
  readonly by: readonly string[];
  readonly sums: readonly string[];
  readonly hourly: Hourly | null;
}

interface PartDefinition<OfBy extends By, OfSums extends Sums> {
  readonly by: OfBy;
  readonly sums?: OfSums;
  readonly where?: Expression<boolean>;
}

type NoSums = Readonly<Record<never, Expression<number | null>>>;

/**
 * Defines the contribution of a relation's rows to a rollup.
 *
 * @example part(relationOf(tables.Payments), ({ column }) => ({ by: { Status: column('Status') }, sums: { cents: column('Amount') } }))
 */
export function part<Row, OfBy extends By, OfSums extends Sums = NoSums>(
  relation: Relation<Row>,
  define: (row: RowExpressions<Row>) => PartDefinition<OfBy, OfSums>,
): RollupPart<OfBy, OfSums> {
  const { by, sums, where = null } = define(rowExpressions<Row>());
  // Without `sums`, OfSums is NoSums.
  return { of: relation.name, by, sums: sums ?? ({} as OfSums), where };
}

/** Parts with the same keys as the first; their sums may differ. */
type SameKeys<OfBy extends By> = readonly RollupPart<{ readonly [Name in keyof OfBy]: By[string] }>[];
type NamesOfSums<Part> = Part extends RollupPart<By, infer OfSums> ? keyof OfSums : never;

/**
 * A rollup of one or more relations by the same keys. A sum that a part lacks is 0 for its rows.
 *
 * @example rollup('UserRelations', part(users, …sums: { registered }), part(payments, …sums: { approved }))
 */
export function rollup<OfBy extends By, OfSums extends Sums, Others extends SameKeys<OfBy>>(
  name: string,
  first: RollupPart<OfBy, OfSums>,
  ...others: Others
): Rollup<RollupRow<OfBy, OfSums & Readonly<Record<NamesOfSums<Others[number]>, Expression<number | null>>>>> {
  return compile(name, [first, ...others], null);
}

/** A rollup of a table by the hour of an instant, and optionally by more keys. Rows without the instant are left out. */
export function hourlyRollup<
  Of extends Readonly<Record<string, Column>>,
  OfSums extends Sums = NoSums,
  OfBy extends By = Readonly<Record<never, never>>,
>(
  name: string,
  table: Table<string, Of>,
  at: keyof RowOf<Of> & string,
  define: (row: RowExpressions<RowOf<Of>>) => Partial<PartDefinition<OfBy, OfSums>> = () => ({}),
): Rollup<RollupRow<OfBy & { hour: Expression<number> }, OfSums>> {
  return hourlyRollupOf(name, relationOf(table), at, define);
}

/** Like `hourlyRollup`, for any relation. */
export function hourlyRollupOf<Row, OfSums extends Sums = NoSums, OfBy extends By = Readonly<Record<never, never>>>(
  name: string,
  relation: Relation<Row>,
  at: keyof Row & string,
  define: (row: RowExpressions<Row>) => Partial<PartDefinition<OfBy, OfSums>> = () => ({}),
): Rollup<RollupRow<OfBy & { hour: Expression<number> }, OfSums>> {
  const { by, sums, where } = define(rowExpressions<Row>());
  const instant: Expression<number | null> = { columns: [at], sql: (row) => `${row}"${at}"` };
  const present = isPresent(instant);
  const hourly = {
    of: relation.name,
    by: { ...by, hour: hourOf(instant) },
    sums: sums ?? {},
    where: where === undefined ? present : all(present, where),
  };
  return compile(name, [hourly], { part: hourly, at });
}

function compile<Row>(name: string, parts: readonly RollupPart[], hourly: Hourly | null): Rollup<Row> {
  const by = Object.keys(parts[0]?.by ?? {});
  const sums = [...new Set(parts.flatMap((each) => Object.keys(each.sums)))];
  const keys = by.length === 0 ? ['one'] : by;
  const columns = [
    ...keys.map((key) => `"${key}" any not null`),
    '"count" integer not null',
    ...sums.map((sum) => `"${sum}" integer not null`),
  ];
  return {
    name,
    by,
    sums,
    hourly,
    create: [`create table "${name}" (${columns.join(', ')}, primary key (${quoted(keys)})) strict, without rowid`],
    fill: [fillStatement(name, keys, sums, parts)],
    index:
      hourly === null
        ? []
        : [
            `create index "${name}_edges" on "${hourly.part.of}" (${edgeColumns(hourly)}) where ${hourly.part.where?.sql('') ?? 1}`,
          ],
    triggers: parts.flatMap((each, index) => triggersOf(`${name}_${index}`, name, keys, sums, each)),
    dependsOn: parts.map(({ of }) => of),
  };
}

function fillStatement(
  name: string,
  keys: readonly string[],
  sums: readonly string[],
  parts: readonly RollupPart[],
): string {
  const groups = keys.map((_, index) => index + 1).join(', ');
  const selects = parts.map((each) => {
    const cells = [
      ...keyCells(each, keys, '').map((cell, index) => `${cell} as "${keys[index]}"`),
      'count(*) as "count"',
      ...sumCells(each, sums, '').map((cell, index) => `sum(${cell}) as "${sums[index]}"`),
    ];
    return `select ${cells.join(', ')} from "${each.of}"${whereOf(each, '')} group by ${groups}`;
  });
  if (selects.length === 1) return `insert into "${name}" ${selects.join('')}`;
  const outer = [quoted(keys), ...['count', ...sums].map((sum) => `sum("${sum}")`)].join(', ');
  return `insert into "${name}" select ${outer} from (${selects.join(' union all ')}) group by ${quoted(keys)}`;
}

/** An update adds the new row before it subtracts the old one, so that a group that stays is never deleted in between. */
function triggersOf(
  trigger: string,
  name: string,
  keys: readonly string[],
  sums: readonly string[],
  each: RollupPart,
): string[] {
  const add = `
    insert into "${name}" select ${[...keyCells(each, keys, 'new.'), '1', ...sumCells(each, sums, 'new.')].join(', ')}
      where ${each.where?.sql('new.') ?? 'true'}
      on conflict do update set ${['count', ...sums].map((sum) => `"${sum}" = "${sum}" + excluded."${sum}"`).join(', ')};`;
  const matches = keyCells(each, keys, 'old.')
    .map((cell, index) => `"${keys[index]}" = ${cell}`)
    .join(' and ');
  const decrements = [
    '"count" = "count" - 1',
    ...sumCells(each, sums, 'old.').map((cell, index) => `"${sums[index]}" = "${sums[index]}" - ${cell}`),
  ];
  const subtract = `
    update "${name}" set ${decrements.join(', ')} where ${matches} and (${each.where?.sql('old.') ?? 'true'});
    delete from "${name}" where ${matches} and "count" = 0;`;
  const used = columnsOf(each);
  const update =
    used.length === 0
      ? []
      : [
          `create trigger "${trigger}_update" after update of ${quoted(used)} on "${each.of}"
    when ${used.map((column) => `old."${column}" is not new."${column}"`).join(' or ')} begin ${add} ${subtract} end`,
        ];
  return [
    `create trigger "${trigger}_insert" after insert on "${each.of}" begin ${add} end`,
    `create trigger "${trigger}_delete" after delete on "${each.of}" begin ${subtract} end`,
    ...update,
  ];
}

/** Includes the columns of keys and sums, so that a busy hour is read from the index alone. */
function edgeColumns({ part: { by, sums }, at }: Hourly): string {
  const others = [...Object.values(by), ...Object.values(sums)].flatMap(({ columns }) => columns);
  return quoted([...new Set([at, ...others])]);
}

function columnsOf({ by, sums, where }: RollupPart): string[] {
  const expressions: readonly Expression[] = [
    ...Object.values(by),
    ...Object.values(sums),
    ...(where === null ? [] : [where]),
  ];
  return [...new Set(expressions.flatMap(({ columns }) => columns))];
}

/** A key is never null, since a unique index treats nulls as distinct. */
function keyCells({ by }: RollupPart, keys: readonly string[], row: string): string[] {
  return keys.map((key) => (by[key] === undefined ? '1' : `coalesce(${by[key].sql(row)}, ${NO_NUMBER})`));
}

function sumCells({ sums: own }: RollupPart, sums: readonly string[], row: string): string[] {
  return sums.map((sum) => (own[sum] === undefined ? '0' : `coalesce(${own[sum].sql(row)}, 0)`));
}

function whereOf({ where }: RollupPart, row: string): string {
  return where === null ? '' : ` where ${where.sql(row)}`;
}

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}
