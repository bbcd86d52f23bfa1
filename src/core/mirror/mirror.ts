import type { SourceName } from '../../company/table.ts';
import type { Instant } from '../figures/calendar.ts';
import type { Feature } from '../runtime/define-feature.ts';
import type { RawInput } from '../runtime/question.ts';
import type { Content, Loaded } from '../runtime/snapshot.ts';
import type { Calls } from '../threads/calls.ts';
import type { MirroredTable } from './catalog.ts';
import type { MirrorHost } from './host.ts';
import type { MirrorSize } from './loaded-mirror.ts';
import type { MirrorWriter, RawRow } from './mirror-writer.ts';

/** The mirrors of all sources, as the event loop sees them. */
export interface Mirror {
  writer(source: SourceName, tables: readonly MirroredTable[]): MirrorWriter;
  /**
   * Every figure of a feature, as of `now`.
   *
   * @param knownHash hash of the content that the caller has, which is not sent again
   * @returns null if the content has this hash
   * @throws SourceError, MissingFromSourceError, or what the slice throws
   */
  figures<Data>(feature: Feature<Data>, now: Instant, knownHash: string | null): Promise<Loaded<Data> | null>;
  /** The answer to a question of a feature, as JSON. */
  answer(feature: string, path: string, input: RawInput, now: Instant): Promise<string>;
  size(source: SourceName): Promise<MirrorSize>;
  close(): Promise<void>;
}

/** Calls to the host, in a Worker or in this thread. */
export type MirrorCalls = Pick<Calls<MirrorHost>, 'call'>;

/** Calls to a host in this thread, for tests and programs that may block. */
export function localCalls(host: MirrorHost): MirrorCalls {
  return {
    // TypeScript cannot relate a method's arguments to its result across all methods.
    call: async (method, ...args) => Reflect.apply(host[method], undefined, args),
  };
}

/** @param terminate ends the Worker */
export function createMirror({ call }: MirrorCalls, terminate: () => void = () => {}): Mirror {
  return {
    writer: (source, tables) => ({
      source,
      tables,
      state: () => call('state', source),
      begin: (kind, catalog) => call('begin', source, kind, catalog),
      // One string is cheaper to clone than a hundred thousand values.
      rows: (table, rows: readonly RawRow[]) => call('rows', source, table, JSON.stringify(rows)),
      deleted: (table, keys) => call('deleted', source, table, keys),
      whole: (table) => call('whole', source, table),
      adopt: (image) => call('adopt', source, image),
      commit: (position, image = null) => call('commit', source, position, image),
      checksums: () => call('checksums', source),
      rollback: () => call('rollback', source).catch(() => {}),
    }),
    async figures<Data>({ name }: Feature<Data>, now: Instant, knownHash: string | null) {
      const reply = await call('figures', name, now, knownHash);
      if (reply.unchanged) return null;
      const { encoded } = reply;
      return {
        encoded,
        // The host encoded the result of the feature's figures().
        content: (): Content<Data> => ({
          data: JSON.parse(encoded.data),
          unavailable: JSON.parse(encoded.unavailable),
          problems: JSON.parse(encoded.problems),
        }),
      };
    },
    answer: (feature, path, input, now) => call('answer', feature, path, input, now),
    size: (source) => call('size', source),
    async close() {
      await call('close').catch(() => {});
      terminate();
    },
  };
}
