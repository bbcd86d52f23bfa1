import type { Relation } from './expression.ts';
import type { MirrorObject } from './mirror-object.ts';

export interface DerivedTableDefinition<Row> {
  readonly name: string;
  /** The base table: the derived table has one row for each of its rows, with the same key. */
  readonly of: string;
  readonly key: keyof Row & string;
  readonly columns: { readonly [Name in keyof Row & string]: 'text' | 'integer' };
  /** `select … from <of> as base …` without a condition; one result column for each of `columns`, in their order. */
  readonly select: string;
  /**
   * Which rows to recompute when a row of another table is inserted, deleted or changed in one of these columns: a condition
   * on `base`, in which `row.` stands for the other table's row.
   */
  readonly follows: Readonly<Record<string, { readonly columns: readonly string[]; readonly affects: string }>>;
}

/** A table with a row for each row of a base table, joined with values from other tables. Triggers keep it up to date. */
export interface DerivedTable<Row> extends Relation<Row>, MirrorObject {}

export function derivedTable<Row>(definition: DerivedTableDefinition<Row>): DerivedTable<Row> {
  const { name, of, key, columns, select, follows } = definition;
  const names = Object.keys(columns);
  const types: Readonly<Record<string, string>> = columns;
  const others = names.filter((column) => column !== key);
  const differs = others.map((column) => `"${name}"."${column}" is not excluded."${column}"`).join(' or ');
  const assigned = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const recompute = (condition: string) =>
    `insert into "${name}" ${select} where ${condition} on conflict ("${key}") do update set ${assigned} where ${differs};`;
  const ownRow = recompute(`base."${key}" = new."${key}"`);

  return {
    name,
    create: [
      `create table "${name}" (${names
        .map((column) => `"${column}" ${types[column]}${column === key ? ' primary key' : ''}`)
        .join(', ')}) strict`,
    ],
    fill: [`insert into "${name}" ${select}`],
    index: [],
    triggers: [
      `create trigger "${name}_insert" after insert on "${of}" begin ${ownRow} end`,
      `create trigger "${name}_update" after update on "${of}" begin ${ownRow} end`,
      `create trigger "${name}_delete" after delete on "${of}" begin delete from "${name}" where "${key}" = old."${key}"; end`,
      ...Object.entries(follows).flatMap(([table, { columns: watched, affects }]) => {
        const of = (row: string) => affects.replaceAll('row.', row);
        const changed = watched.map((column) => `old."${column}" is not new."${column}"`).join(' or ');
        return [
          `create trigger "${name}_${table}_insert" after insert on "${table}" begin ${recompute(of('new.'))} end`,
          `create trigger "${name}_${table}_delete" after delete on "${table}" begin ${recompute(of('old.'))} end`,
          `create trigger "${name}_${table}_update" after update on "${table}" when ${changed}
            begin ${recompute(`(${of('old.')}) or (${of('new.')})`)} end`,
        ];
      }),
    ],
    dependsOn: [of, ...Object.keys(follows)],
  };
}
