/** Quotes any name for T-SQL. */
export function quotedName(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}
