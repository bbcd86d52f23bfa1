/**
 * Something that is made beside the mirror's tables and follows them: a rollup, a derived table, an index. Statements name
 * tables and columns as they are in the mirror.
 */
export interface MirrorObject {
  readonly name: string;
  /** Makes it, empty. */
  readonly create: readonly string[];
  /** Fills it from what the tables hold. */
  readonly fill: readonly string[];
  /** Made after it is filled. */
  readonly index: readonly string[];
  /** Keep it from then on. */
  readonly triggers: readonly string[];
  /** The tables, or other objects, that it is made of. */
  readonly dependsOn: readonly string[];
}

/**
 * An index for a slice's own query.
 *
 * @param columns as they stand in `create index`
 * @param where which rows it holds; all unless told otherwise
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
