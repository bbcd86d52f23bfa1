/** The name of what is tested, with the reason in it where it has to be skipped. */
export function unless(missing: string | null, name: string): string {
  return missing === null ? name : `${name} (skipped: ${missing})`;
}
