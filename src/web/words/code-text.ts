/** What a code means; the code itself where the dictionary does not know it, since own data may hold any. */
export function codeText(meanings: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(meanings, code) ? (meanings[code] ?? code) : code;
}
