/** `[dbo].[Claims]` as people write it, `dbo.Claims`, as far as its names need no brackets. */
export function plainPath(path: string): string {
  return path.replaceAll(/\[(\w+)\]/g, '$1');
}
