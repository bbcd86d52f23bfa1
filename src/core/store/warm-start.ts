import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Feed } from '../feeds/feed.ts';
import { ProblemSchema, UnavailableSchema } from '../http/snapshot-schema.ts';
import type { Feature } from '../runtime/define-feature.ts';
import { hashContent, hashText } from '../runtime/encode-content.ts';
import { parseJson } from '../runtime/json.ts';
import { sequenceOf } from '../runtime/sequence.ts';
import type { Snapshot } from '../runtime/snapshot.ts';
import type { Feeds, RunningFeature } from '../runtime/supervisor.ts';
import type { KeptSnapshot } from './snapshots.ts';
import type { Store } from './store.ts';

/** The reason that a restored snapshot is stale. */
export const RESTORED = 'Restored after a restart; the first refresh is under way';

export interface WarmStartOptions {
  readonly features: readonly Feature[];
  readonly feeds: Feeds;
  readonly timeZone: string;
  readonly store: Pick<Store, 'snapshots' | 'restored' | 'save' | 'agree' | 'isShared'>;
  /** Called for a stored snapshot that is not served, with the reason. */
  readonly onDropped: (feature: string, reason: string) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The last snapshot of each feature before the restart, stale since it was last refreshed. A snapshot of another source, time
 * zone or schema is deleted.
 *
 * The content keeps its number if that is still the newest one. After a process was killed, the numbers skip some that
 * clients may have seen; the content then gets a new one, so that no client sees a number go back.
 */
export async function restoreSnapshots(options: WarmStartOptions): Promise<ReadonlyMap<string, Snapshot>> {
  const { features, store, onDropped, onError } = options;
  const kept = await store.snapshots.read().catch((error: unknown) => {
    onError(error);
    return [];
  });
  const restore = async (snapshot: KeptSnapshot): Promise<Snapshot[]> => {
    const name = snapshot.feature;
    const feature = features.find((candidate) => candidate.name === name);
    const drop = (reason: string) => {
      store.snapshots.drop(name);
      onDropped(name, reason);
      return [];
    };
    if (feature === undefined) return drop('there is no such feature any more');
    if (snapshot.origin !== originOf(feature, options)) {
      return drop('it came from another source, time zone or version of the program');
    }
    const content = contentOf(snapshot, feature.schema);
    if (content === undefined) return drop('it is damaged');
    const { generatedAt, encoded } = snapshot;
    // A new number for an older content would be ahead of what the other process serves.
    if (store.isShared && store.restored(name)?.hash !== encoded.hash) {
      onDropped(name, 'another server on this folder has a newer one');
      return [];
    }
    await store.agree?.(name, encoded.hash);
    const seq = sequenceOf(name, store)(encoded.hash);
    const freshness = { status: 'stale', since: generatedAt, reason: RESTORED } as const;
    return [{ ...content, feature: name, seq, generatedAt, freshness, encoded }];
  };
  const restored = (await Promise.all(kept.map(restore))).flat();
  return new Map(restored.map((snapshot) => [snapshot.feature, snapshot]));
}

/** Keeps the snapshots of running features for the next start. */
export function keepNewest(running: readonly RunningFeature[], options: WarmStartOptions): void {
  for (const { feature, actor } of running) {
    const origin = originOf(feature, options);
    actor.publications.subscribe(({ snapshot: { generatedAt, encoded } }) =>
      options.store.snapshots.keep({ feature: feature.name, origin, generatedAt, encoded }),
    );
  }
}

function originOf({ source, schema }: Feature, { feeds, timeZone }: WarmStartOptions): string {
  const { description }: Feed = feeds[source];
  return `${description}, ${timeZone}, schema ${hashText(JSON.stringify([schema, Accompanying]))}`;
}

/** What accompanies the data of a snapshot. */
const Accompanying = Type.Object({
  unavailable: Type.Array(UnavailableSchema),
  problems: Type.Array(
    Type.Object({
      ...ProblemSchema.properties,
      kind: Type.Union([
        Type.Literal('missing-column'),
        Type.Literal('unreadable-value'),
        Type.Literal('duplicate-key'),
      ]),
    }),
  ),
});

/** @returns undefined if the texts were damaged or do not have the shape of a content */
function contentOf(
  { generatedAt, encoded }: KeptSnapshot,
  schema: TSchema,
): (Static<typeof Accompanying> & { data: unknown }) | undefined {
  if (!Number.isSafeInteger(generatedAt) || hashContent(encoded) !== encoded.hash) return undefined;
  const data = parseJson(encoded.data);
  const accompanying = { unavailable: parseJson(encoded.unavailable), problems: parseJson(encoded.problems) };
  return Value.Check(schema, data) && Value.Check(Accompanying, accompanying) ? { ...accompanying, data } : undefined;
}
