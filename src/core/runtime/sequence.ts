/** The last sequence number of a feature and the hash of the content that had it. */
export interface SequenceMark {
  readonly seq: number;
  readonly hash: string;
}

/** Where sequence numbers outlive the process. */
export interface SequenceStore {
  /** The mark to go on from; undefined for a feature that never had a snapshot. */
  restored(feature: string): SequenceMark | undefined;
  /** Called before a snapshot with this mark is published. Does not wait and does not fail. */
  save(feature: string, mark: SequenceMark): void;
}

/**
 * Sequence numbers of one feature: the next content gets the next number, and the content that had the last number
 * before a restart has it again.
 */
export function sequenceOf(feature: string, store: SequenceStore): (hash: string) => number {
  let last = store.restored(feature);
  return (hash) => {
    const seq = last === undefined ? 1 : last.hash === hash ? last.seq : last.seq + 1;
    last = { seq, hash };
    store.save(feature, last);
    return seq;
  };
}
