/** A name as T-SQL takes it wherever a name may stand, whatever is in it. */
export function quotedName(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}
