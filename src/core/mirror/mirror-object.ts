/**
 * Something that is derived from the mirror's tables: a rollup, a derived table, an index. Its statements use the names of
 * the mirror's tables and columns.
 */
export interface MirrorObject {
  readonly name: string;
  /** Create it empty. */
  readonly create: readonly string[];
  /** Fill it from the tables. */
  readonly fill: readonly string[];
  /** Create its indexes. */
  readonly index: readonly string[];
  /** Create the triggers that keep it up to date. */
  readonly triggers: readonly string[];
  /** The tables and other objects that it is derived from. */
  readonly dependsOn: readonly string[];
}

/**
 * An index for a slice's own query.
 *
 * @param columns as in `create index`
 * @param where the condition of a partial index; default: all rows
 */
export function mirrorIndex(name: string, table: string, columns: string, where?: string): MirrorObject {
  const condition = where === undefined ? '' : ` where ${where}`;
  return {
    name,
    create: [],
    fill: [],
    index: [`create index "${name}" on "${table}" (${columns})${condition}`],
    triggers: [],
    dependsOn: [table],
  };
}
