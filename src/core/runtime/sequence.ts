/** The last sequence number of a feature and the hash of its content. */
export interface SequenceMark {
  readonly seq: number;
  readonly hash: string;
}

/** Keeps sequence numbers across restarts. Several processes may share it. */
export interface SequenceStore {
  /** The newest known mark; undefined for a feature that never had a snapshot. */
  restored(feature: string): SequenceMark | undefined;
  /** Called before a snapshot with this mark is published. Does not wait and does not fail. */
  save(feature: string, mark: SequenceMark): void;
  /**
   * Agrees on the number of a content with all processes that share the store; `restored` then returns it. Called before
   * the content is numbered. Waits only briefly and does not fail; without an answer this process takes its own next number.
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

/** The mark with the greater number; the own one if they are equal. */
function newer(own: SequenceMark | undefined, known: SequenceMark | undefined): SequenceMark | undefined {
  return own === undefined || (known !== undefined && known.seq > own.seq) ? known : own;
}
