/** `[dbo].[Claims]` becomes `dbo.Claims`; names that need brackets keep them. */
export function withoutBrackets(path: string): string {
  return path.replaceAll(/\[(\w+)\]/g, '$1');
}
