/** Where a source's change stream goes on after a restart. Kept in the embedded store. */
export interface ResumeTokens {
  /** The last token that was saved for a source; undefined where there is none. */
  restored(source: string): string | undefined;
  /** Never throws and is not waited for. Null forgets the token: the stream cannot go on from it. */
  save(source: string, token: string | null): void;
}
