import type { Feed } from '../feeds/feed.ts';
import type { Mirror } from '../mirror/mirror.ts';
import type { LoadRequest, LoadSnapshot } from './actor.ts';
import type { Feature } from './define-feature.ts';
import { FeedFailingError } from './failure.ts';
import { type SequenceStore, sequenceOf } from './sequence.ts';
import type { Loaded, Snapshot } from './snapshot.ts';
import { NotConfiguredError } from './source-errors.ts';

export interface LoadSnapshotOptions<Data> {
  readonly feature: Feature<Data>;
  readonly feed: Feed;
  readonly mirror: Pick<Mirror, 'figures'>;
  readonly sequences: SequenceStore;
}

/**
 * Loads snapshots of a feature from the mirror, as long as its feed works. The feed asks the source first if a caller
 * wants the refresh.
 */
export function snapshotLoader<Data>(options: LoadSnapshotOptions<Data>): LoadSnapshot<Data> {
  const { feature, feed, mirror, sequences } = options;
  const nextSeq = sequenceOf(feature.name, sequences);
  return async (request) => {
    const { activity, reason } = feed.status();
    if (activity === 'none') throw new NotConfiguredError(reason ?? 'Its database is not configured');
    if (request.manual) await feed.sync();
    refuseWhileFailing(feed);
    const knownHash = request.known?.encoded.hash ?? null;
    const loaded = await mirror.figures(feature, request.now, knownHash);
    // It may have begun to fail meanwhile: these figures are not shown as live.
    refuseWhileFailing(feed);
    if (loaded !== null && loaded.encoded.hash !== knownHash) {
      await sequences.agree?.(feature.name, loaded.encoded.hash);
    }
    return nextSnapshot(feature.name, loaded, request, nextSeq);
  };
}

/**
 * The snapshot of what a load found: the known content again, or a new one with the next number.
 *
 * @param loaded null if the content is the known one
 * @param nextSeq see `sequenceOf`
 * @throws the reason of the signal if it was aborted: a late content gets no number
 */
export function nextSnapshot<Data>(
  feature: string,
  loaded: Loaded<Data> | null,
  { known, now, signal }: LoadRequest<Data>,
  nextSeq: (hash: string) => number,
): Snapshot<Data> {
  signal.throwIfAborted();
  const live = { generatedAt: now, freshness: { status: 'live' } } as const;
  if (loaded !== null && loaded.encoded.hash !== known?.encoded.hash) {
    const { encoded, content } = loaded;
    return { ...content(), feature, seq: nextSeq(encoded.hash), encoded, ...live };
  }
  if (known === undefined) throw new TypeError('There is no known content before the first');
  return { ...known, ...live };
}

/** @throws FeedFailingError */
function refuseWhileFailing(feed: Feed): void {
  const { failing } = feed.status();
  if (failing !== null) throw new FeedFailingError(failing);
}
