import type { ChangeSink, FeedSession, FeedSource, RowSink } from '../../../src/core/feeds/feed-source.ts';
import type { Catalog } from '../../../src/core/mirror/catalog.ts';
import type { RawRow } from '../../../src/core/mirror/mirror-writer.ts';
import type { Clock } from '../../../src/core/runtime/clock.ts';
import { catalogWithout } from '../mirror/small-mirror.ts';

type Open = (signal: AbortSignal) => Promise<FeedSession>;
type CanFollow = FeedSession['canFollow'];
type Load = FeedSession['load'];
type Poll = FeedSession['poll'];

/** What a script may do in place of what the source does by itself; `usual` does that. */
export interface Steps {
  open: (usual: Open, signal: AbortSignal) => Promise<FeedSession>;
  canFollow: (usual: CanFollow, ...args: Parameters<CanFollow>) => Promise<boolean>;
  load: (usual: Load, ...args: Parameters<Load>) => Promise<string>;
  poll: (usual: Poll, ...args: Parameters<Poll>) => Promise<string | null>;
}
type Step = keyof Steps;

/** A source with payments and a history of their changes, that does what a script says. */
export interface ScriptedSource extends FeedSource {
  /** What the sessions that are opened from now on say of themselves. */
  found: Partial<Pick<FeedSession, 'mode' | 'reason' | 'pauseMs'>> & { catalog: Catalog };
  /** What is done once, in their order. */
  readonly once: { readonly [Name in Step]: Steps[Name][] };
  /** What is done whenever nothing is left in `once`; null: the usual. */
  readonly always: { [Name in Step]: Steps[Name] | null };
  /** When each step began, by the clock. */
  readonly began: { readonly [Name in Step]: number[] };
  /** Sessions that are open. */
  readonly openSessions: number;
  /** Whether a caller waits for each poll. */
  readonly asked: readonly boolean[];
  put(...rows: readonly RawRow[]): void;
  remove(...keys: readonly string[]): void;
  rows(): RawRow[];
}

export const payment = (id: string, amount: number | string = 1): RawRow => [id, 'u', 'approved', amount, null];

export function scriptSource(clock: Pick<Clock, 'elapsed'>): ScriptedSource {
  const rows = new Map<string, RawRow>();
  const changedAt = new Map<string, number>();
  const once: ScriptedSource['once'] = { open: [], canFollow: [], load: [], poll: [] };
  const always: ScriptedSource['always'] = { open: null, canFollow: null, load: null, poll: null };
  const began: ScriptedSource['began'] = { open: [], canFollow: [], load: [], poll: [] };
  const asked: boolean[] = [];
  let version = 0;
  let openSessions = 0;

  const begin = <Name extends Step>(name: Name): Steps[Name] | null => {
    began[name].push(clock.elapsed());
    return once[name].shift() ?? always[name];
  };
  const load = async (sink: RowSink) => {
    const position = String(version);
    await sink.rows('Payments', [...rows.values()]);
    return position;
  };
  const poll = async (position: string, sink: ChangeSink) => {
    const since = Number(position);
    const now = version;
    const keys = [...changedAt].filter(([, at]) => at > since).map(([key]) => key);
    if (keys.length === 0) return null;
    const present = [...rows].filter(([key]) => keys.includes(key)).map(([, row]) => row);
    if (present.length > 0) await sink.rows('Payments', present);
    const gone = keys.filter((key) => !rows.has(key));
    if (gone.length > 0) await sink.deleted('Payments', gone);
    return String(now);
  };
  const open = async (): Promise<FeedSession> => {
    openSessions++;
    const found = { mode: 'told' as const, reason: null, pauseMs: 1_000, ...source.found };
    return {
      mode: found.mode,
      reason: found.reason,
      catalog: found.catalog,
      get pauseMs() {
        return source.found.pauseMs ?? 1_000;
      },
      canFollow: (position, signal) => {
        const usual = async (kept: string) => Number(kept) <= version;
        return begin('canFollow')?.(usual, position, signal) ?? usual(position);
      },
      load: (sink, signal) => begin('load')?.(load, sink, signal) ?? load(sink),
      poll(position, sink, signal, mustCatchUp) {
        asked.push(mustCatchUp);
        return begin('poll')?.(poll, position, sink, signal, mustCatchUp) ?? poll(position, sink);
      },
      async close() {
        openSessions--;
      },
    };
  };
  const source: ScriptedSource = {
    name: 'sql',
    description: 'a script',
    found: { catalog: catalogWithout() },
    ...{ once, always, began, asked },
    get openSessions() {
      return openSessions;
    },
    open: (signal) => begin('open')?.(open, signal) ?? open(),
    close: async () => {},
    put(...changed) {
      version++;
      for (const row of changed) {
        rows.set(String(row[0]), row);
        changedAt.set(String(row[0]), version);
      }
    },
    remove(...keys) {
      version++;
      for (const key of keys) {
        rows.delete(key);
        changedAt.set(key, version);
      }
    },
    rows: () => [...rows.values()],
  };
  return source;
}
