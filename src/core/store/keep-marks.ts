import type { SequenceMark, SequenceStore } from '../runtime/sequence.ts';
import { settledWithin } from '../runtime/settled-within.ts';
import type { Calls } from '../threads/calls.ts';
import { agreedMark, agreeOn, saveMark } from './marks.ts';
import type { Statement } from './statement.ts';
import type { StoreHandlers } from './store-handlers.ts';

/** A snapshot waits this long at most for its number, ms; then the process uses the next one that it knows of. */
const AGREE_WITHIN_MS = 2_000;

export interface KeptMarks extends Required<SequenceStore> {
  /** Statements that save every known mark. */
  statements(): Statement[];
}

/** @param onError receives why a mark could not be kept */
export function keepMarks(
  restored: ReadonlyMap<string, SequenceMark>,
  { call }: Calls<StoreHandlers>,
  onError: (error: unknown) => void,
): KeptMarks {
  const marks = new Map(restored);
  /** Features whose number was requested and not yet answered. */
  const pending = new Set<string>();

  const request = async (feature: string, hash: string) => {
    const known = marks.get(feature);
    const least = known === undefined ? 1 : known.hash === hash ? known.seq : known.seq + 1;
    const agreed = agreedMark(await call('query', agreeOn(feature, hash, least)));
    if (agreed !== undefined && agreed.seq >= (marks.get(feature)?.seq ?? 0)) marks.set(feature, agreed);
  };
  return {
    restored: (feature) => marks.get(feature),
    save(feature, mark) {
      const known = marks.get(feature);
      if (known?.seq === mark.seq && known.hash === mark.hash) return;
      marks.set(feature, mark);
      call('write', [saveMark(feature, mark)]).catch(onError);
    },
    async agree(feature, hash) {
      // While the store does not answer, no further requests are sent.
      if (pending.has(feature)) return;
      pending.add(feature);
      const answered = request(feature, hash)
        .catch(onError)
        .finally(() => pending.delete(feature));
      await settledWithin(answered, AGREE_WITHIN_MS);
    },
    statements: () => [...marks].map(([feature, mark]) => saveMark(feature, mark)),
  };
}
