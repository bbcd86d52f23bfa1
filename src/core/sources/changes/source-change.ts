/** Tables or collections that changed; `all` when the source cannot tell which. */
export interface SourceChange {
  readonly names: ReadonlySet<string> | 'all';
}

/** Whether a change concerns something that is watched. */
export function concerns(change: SourceChange, watched: readonly string[]): boolean {
  const { names } = change;
  return names === 'all' || watched.some((name) => names.has(name));
}
