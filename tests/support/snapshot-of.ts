import { encodeContent } from '../../src/core/runtime/encode-content.ts';
import type { Snapshot } from '../../src/core/runtime/snapshot.ts';

/** A live snapshot of some data. */
export function snapshotOf<Data>(data: Data, seq = 1, feature = 'claims'): Snapshot<Data> {
  const content = { data, unavailable: [], problems: [] };
  return {
    ...content,
    feature,
    seq,
    generatedAt: Date.UTC(2026, 2, 31, 12),
    freshness: { status: 'live' },
    encoded: encodeContent(content),
  };
}
