import { encodeContent } from '../../../src/core/runtime/encode-content.ts';
import type { Snapshot } from '../../../src/core/runtime/snapshot.ts';

/** A live snapshot, for tests that do not read its content. */
export function someSnapshot(generatedAt: number): Snapshot {
  const content = { data: generatedAt, unavailable: [], problems: [] };
  const encoded = encodeContent(content);
  return { ...content, feature: 'claims', seq: 1, generatedAt, freshness: { status: 'live' }, encoded };
}
