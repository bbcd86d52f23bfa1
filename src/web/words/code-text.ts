/** The word for a code; the code itself if it is unknown, since a database may hold any. */
export function codeText(meanings: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(meanings, code) ? (meanings[code] ?? code) : code;
}
