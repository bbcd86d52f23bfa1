/** The last sequence number of a feature and the hash of the content that had it. */
export interface SequenceMark {
  readonly seq: number;
  readonly hash: string;
}

/** Where sequence numbers outlive the process. Several processes may share it. */
export interface SequenceStore {
  /** The newest mark that is known, to go on from; undefined for a feature that never had a snapshot. */
  restored(feature: string): SequenceMark | undefined;
  /** Called before a snapshot with this mark is published. Does not wait and does not fail. */
  save(feature: string, mark: SequenceMark): void;
  /**
   * Finds the number of a content among all processes that share the store, for `restored` to return. Called before the
   * content is numbered. Waits a moment at most and does not fail; without an answer the number is the next one known here.
   */
  agree?(feature: string, hash: string): Promise<void>;
}

/**
 * Sequence numbers of one feature: the next content gets the next number, and the content that had the last number
 * before a restart has it again.
 */
export function sequenceOf(feature: string, store: SequenceStore): (hash: string) => number {
  let last: SequenceMark | undefined;
  return (hash) => {
    const known = newer(last, store.restored(feature));
    const seq = known === undefined ? 1 : known.hash === hash ? known.seq : known.seq + 1;
    last = { seq, hash };
    store.save(feature, last);
    return seq;
  };
}

/** The mark with the greater number; of two alike the own one. */
function newer(own: SequenceMark | undefined, known: SequenceMark | undefined): SequenceMark | undefined {
  return own === undefined || (known !== undefined && known.seq > own.seq) ? known : own;
}
