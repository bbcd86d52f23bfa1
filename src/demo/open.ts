import type { Clock } from '../core/runtime/clock.ts';
import { createEmbeddedDocumentSource, type EmbeddedDocumentSource } from '../core/sources/mongo/embedded/source.ts';
import { connectDocumentWorker } from '../core/sources/mongo/embedded/worker-client.ts';
import { createSqliteSource, type SqliteSource } from '../core/sources/sql/sqlite/source.ts';
import { connectWorker } from '../core/sources/sql/sqlite/worker-client.ts';
import { randomStream } from './data/random.ts';
import type { CompanySpec } from './data/spec.ts';
import { hasData, prepareFolder } from './folder.ts';
import { createDemoCompany, type DemoCompany } from './life/company.ts';
import type { DemoData } from './worker-messages.ts';

export interface DemoOptions {
  /** Folder that keeps the data; null: they are in memory. */
  readonly directory: string | null;
  /** Folder that keeps data in memory for the next start; null: they are made each time. */
  readonly keptIn: string | null;
  readonly seed: number;
  /** How many times the usual amount of data is made. */
  readonly scale: number;
  /** Changes a second; null: 2 in data that we made, none in somebody's own. */
  readonly rate: number | null;
  readonly clock: Clock;
  /** Told what takes a while, and what a person ought to know of the data. */
  readonly onProgress: (text: string) => void;
  /** Told of a change that could not be made, once for each kind of change. */
  readonly onError: (error: unknown) => void;
}

export interface Demo {
  readonly sources: { readonly sql: SqliteSource; readonly documents: EmbeddedDocumentSource };
  /** Stands still until it is started. */
  readonly company: DemoCompany;
  /** What a person sees in the banner. */
  readonly description: string;
}

const USUAL_RATE = 2;

/**
 * Makes or opens the demo's data, each source in a Worker of its own.
 *
 * @throws DemoFolderError when the folder cannot be used
 * @throws SourceError when a file in it cannot be read
 */
export async function openDemoSources(options: DemoOptions): Promise<Demo> {
  const { seed, scale, clock, onProgress, onError } = options;
  const data = prepareData(options);
  const [sql, documents] = await both(openSqlite(data, onProgress), openDocuments(data, onProgress));
  const isGenerated = data.kind === 'generated' || data.isGenerated;
  const rate = options.rate ?? (isGenerated ? USUAL_RATE : 0);
  const random = randomStream(seed, `life from ${clock.now()}`);
  return {
    sources: { sql, documents },
    company: createDemoCompany({ sql, documents, rate, random, clock, writesLogs: isGenerated, onError }),
    description: describe(data, scale, rate),
  };
}

function prepareData({ directory, keptIn, seed, scale, clock, onProgress }: DemoOptions): DemoData {
  const spec: CompanySpec = { seed, scale, anchor: clock.now() };
  if (directory === null) return { kind: 'generated', spec, keptIn };
  const folder = prepareFolder(directory, spec, onProgress);
  if (!hasData(folder)) onProgress(`${folder.directory} holds none of the files that are read: see docs/demo.md`);
  return { kind: 'folder', ...folder };
}

async function openSqlite(data: DemoData, onProgress: (text: string) => void): Promise<SqliteSource> {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url));
  return createSqliteSource(await connected(worker, data, () => connectWorker(worker, onProgress)));
}

async function openDocuments(data: DemoData, onProgress: (text: string) => void): Promise<EmbeddedDocumentSource> {
  const worker = new Worker(new URL('./documents-worker.ts', import.meta.url));
  return createEmbeddedDocumentSource(await connected(worker, data, () => connectDocumentWorker(worker, onProgress)));
}

/** A Worker that cannot serve its data is ended, so that it does not keep the program from ending. */
async function connected<Client>(worker: Worker, data: DemoData, connect: () => Promise<Client>): Promise<Client> {
  worker.postMessage(data);
  try {
    return await connect();
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

interface Closable {
  close(): Promise<void>;
}

/** Both sources or none: when one cannot be opened, the other is closed again. */
async function both<First extends Closable, Second extends Closable>(
  first: Promise<First>,
  second: Promise<Second>,
): Promise<[First, Second]> {
  const outcomes = await Promise.allSettled([first, second]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return [await first, await second];
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.close();
  throw failed.reason;
}

function describe(data: DemoData, scale: number, rate: number): string {
  const what = data.kind === 'folder' ? `folder ${data.directory}` : `demo data in memory, seed ${data.spec.seed}`;
  const size = data.kind === 'generated' && scale !== 1 ? `, ${scale} times the usual size` : '';
  return `${what}${size}; ${rate === 0 ? 'nothing moves' : `${rate} changes a second`}`;
}
