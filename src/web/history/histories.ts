import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Client, FeatureName, History } from '../../client/index.ts';
import type { Range } from './range.ts';

/** The history of a feature's headlines. */
export interface HeldHistory {
  readonly range: Range;
  readonly answer: History;
}

/** The histories of the features in view: one request each, again every minute and when the range changes. */
export interface Histories {
  /** Undefined before the first answer. It may be of another range while the next one is on its way. */
  of(feature: FeatureName): ReadonlySignal<HeldHistory | undefined>;
  /** Whether the last request of a feature failed. */
  failed(feature: FeatureName): ReadonlySignal<boolean>;
  /** Keeps a feature's history up to date. @returns ends it */
  watch(feature: FeatureName): () => void;
  clear(): void;
}

const MINUTE_MS = 60_000;
const REFRESH_MS = MINUTE_MS;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A few hundred points at most: a line of a card is not wider. */
const PERIODS: Readonly<Record<Range, { readonly lengthMs: number; readonly step: History['step'] }>> = {
  '24h': { lengthMs: DAY_MS, step: 'hour' },
  '7d': { lengthMs: 7 * DAY_MS, step: 'hour' },
  '30d': { lengthMs: 30 * DAY_MS, step: 'day' },
  '90d': { lengthMs: 90 * DAY_MS, step: 'day' },
};

export interface HistoriesOptions {
  readonly client: Pick<Client, 'history'>;
  readonly range: ReadonlySignal<Range>;
  /** The server's clock, ms since 1970. */
  readonly serverTime: () => number;
}

export function createHistories(options: HistoriesOptions): Histories {
  const watched = new Map<FeatureName, WatchedHistory>();
  const entryOf = (feature: FeatureName): WatchedHistory => {
    const entry = watched.get(feature) ?? new WatchedHistory(feature, options);
    watched.set(feature, entry);
    return entry;
  };
  const refresh = () => {
    for (const entry of watched.values()) entry.refresh();
  };
  effect(() => {
    void options.range.value;
    refresh();
  });
  return {
    of: (feature) => entryOf(feature).held,
    failed: (feature) => entryOf(feature).failed,
    watch: (feature) => entryOf(feature).watch(),
    clear() {
      for (const entry of watched.values()) entry.clear();
    },
  };
}

class WatchedHistory {
  readonly held: Signal<HeldHistory | undefined> = signal(undefined);
  readonly failed = signal(false);
  #watchers = 0;
  #asked: { readonly range: Range; readonly at: number } | undefined;
  #abort = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly feature: FeatureName,
    readonly options: HistoriesOptions,
  ) {}

  watch(): () => void {
    this.#watchers += 1;
    // A view that is opened again does not show that an earlier request failed.
    if (this.failed.peek()) this.#asked = undefined;
    this.refresh();
    if (this.#watchers === 1) {
      this.#timer = setInterval(this.refresh, REFRESH_MS);
      document.addEventListener('visibilitychange', this.refresh);
    }
    return () => {
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      clearInterval(this.#timer);
      document.removeEventListener('visibilitychange', this.refresh);
    };
  }

  /** Drops the answer, and the one on its way. The next view asks again. */
  clear(): void {
    this.#abort.abort();
    this.#asked = undefined;
    this.held.value = undefined;
    this.failed.value = false;
  }

  /** Asks if someone sees it, and the last answer is of another range or a minute old. */
  readonly refresh = (): void => {
    const { client, range, serverTime } = this.options;
    const isDue = this.#asked?.range !== range.peek() || Math.abs(Date.now() - this.#asked.at) >= REFRESH_MS;
    if (this.#watchers === 0 || document.hidden || !isDue) return;
    const asked = { range: range.peek(), at: Date.now() };
    this.#asked = asked;
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal: aborted } = this.#abort;
    const { lengthMs, step } = PERIODS[asked.range];
    // To the end of the minute, as on the server: pages that ask in the same minute share one answer.
    const to = (Math.floor(serverTime() / MINUTE_MS) + 1) * MINUTE_MS;
    const from = new Date(to - lengthMs);
    client.history(this.feature, { from, step, compare: 'previous' }, aborted).then(
      (answer) => {
        if (aborted.aborted) return;
        this.held.value = { range: asked.range, answer };
        this.failed.value = false;
      },
      () => {
        if (!aborted.aborted) this.failed.value = true;
      },
    );
  };
}
