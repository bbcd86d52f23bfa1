import type { SourceName } from '../company/table.ts';
import type { FeedSource } from '../core/feeds/feed-source.ts';
import { createRemoteFeed } from '../core/feeds/folder/remote-feed.ts';
import type { MirroredTable } from '../core/mirror/catalog.ts';
import type { Clock } from '../core/runtime/clock.ts';
import { type CreateWorker, openWorker } from '../core/threads/open-worker.ts';
import type { CompanySpec } from './data/spec.ts';
import type { DemoData } from './demo-data.ts';
import type { DemoEvent, DemoHandlers, DemoSettings } from './demo-host.ts';
import { hasData, prepareFolder } from './folder.ts';

export interface DemoOptions {
  /** Folder with the data; null to keep them in memory. */
  readonly directory: string | null;
  /** Folder that caches in-memory data for the next start; null to generate them each time. */
  readonly cacheDirectory: string | null;
  readonly seed: number;
  /** Factor for the amount of data. */
  readonly scale: number;
  /** Changes per second; null for the default: 2 in generated data, 0 in a user's own. */
  readonly rate: number | null;
  readonly tables: { readonly [Source in SourceName]: readonly MirroredTable[] };
  readonly clock: Clock;
  /** Receives progress, and notices about the data. */
  readonly onProgress: (text: string) => void;
  /** Called with the reason when the Worker ends, and with the first failure of each kind of change. */
  readonly onError: (error: unknown) => void;
  readonly createWorker?: CreateWorker;
}

export interface Demo {
  readonly sources: { readonly [Source in SourceName]: FeedSource };
  /** Changes nothing until it is started. */
  readonly company: { start(): void; stop(): void };
  /** Shown in the banner. */
  readonly description: string;
  /** False for data in memory, which are generated on each start. */
  readonly outlivesRestarts: boolean;
}

const DEFAULT_RATE = 2;

/**
 * Generates or opens the demo's data, in a Worker that also changes them. If the Worker ends by itself it is restarted; data
 * in memory are then generated again.
 *
 * @throws DemoFolderError if the folder cannot be used
 * @throws SourceError if a file in it cannot be read
 */
export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { seed, clock, onProgress, onError, createWorker } = options;
  const data = prepareData(options);
  const rate = rateOf(options, data);
  let prepared: DemoData | null = data;
  let isLiving = false;
  const calls = await openWorker<DemoHandlers>({
    name: 'The demo',
    url: new URL('./demo-worker.ts', import.meta.url),
    argv() {
      const current = prepared ?? prepareData(options);
      prepared = null;
      const settings: DemoSettings = { data: current, seed, rate: rateOf(options, current), tables: tablesOf(options) };
      return [JSON.stringify(settings)];
    },
    clock,
    onEvent: (event) => receive(event, onProgress, onError),
    async onStarted(started) {
      if (isLiving) await started.call('startLife');
    },
    onLost: onError,
    createWorker,
  });
  let open = 2;
  const feed = (name: SourceName) =>
    createRemoteFeed({
      ...{ name, calls, description: describeSource(name, data) },
      onClose() {
        open -= 1;
        if (open === 0) calls.terminate();
      },
    });
  const live = (method: 'startLife' | 'stopLife') => () => {
    isLiving = method === 'startLife';
    calls.call(method).catch(() => {});
  };
  return {
    sources: { sql: feed('sql'), documents: feed('documents') },
    company: { start: live('startLife'), stop: live('stopLife') },
    description: describe(data, rate),
    outlivesRestarts: data.kind === 'folder',
  };
}

function rateOf({ rate }: DemoOptions, data: DemoData): number {
  const isGenerated = data.kind === 'generated' || data.isGenerated;
  return rate ?? (isGenerated ? DEFAULT_RATE : 0);
}

function prepareData({ directory, cacheDirectory, seed, scale, clock, onProgress }: DemoOptions): DemoData {
  const spec: CompanySpec = { seed, scale, anchor: clock.now() };
  if (directory === null) return { kind: 'generated', spec, cacheDirectory };
  const folder = prepareFolder(directory, spec, onProgress);
  if (!hasData(folder)) onProgress(`${folder.directory} contains no data file: see docs/demo.md`);
  return { kind: 'folder', ...folder };
}

function tablesOf({ tables }: DemoOptions): DemoSettings['tables'] {
  return [...tables.sql, ...tables.documents].map(({ table, columns }) => ({ name: table.name, columns }));
}

/** Only `demo-worker.ts` sends events, so their type is known. */
function receive(event: unknown, onProgress: DemoOptions['onProgress'], onError: DemoOptions['onError']): void {
  const { kind, ...rest } = event as DemoEvent;
  if ('text' in rest) onProgress(rest.text);
  else onError(new Error(rest.message, { cause: rest.cause }));
}

function describeSource(name: SourceName, data: DemoData): string {
  if (data.kind === 'generated') return describeGenerated(data.spec);
  return name === 'sql' ? `SQLite file in ${data.directory}` : `JSON lines in ${data.directory}`;
}

function describe(data: DemoData, rate: number): string {
  const what = data.kind === 'folder' ? `folder ${data.directory}` : describeGenerated(data.spec);
  return `${what}; ${rate === 0 ? 'no changes' : `${rate} changes per second`}`;
}

function describeGenerated({ seed, scale }: CompanySpec): string {
  return `demo data in memory, seed ${seed}${scale === 1 ? '' : `, ${scale} times the usual size`}`;
}
