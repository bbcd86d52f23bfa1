import type { Table } from '../company/table.ts';
import { collections as companyCollections, sqlTables } from '../company/tables.ts';
import { createDocumentSource } from '../core/feeds/folder/document-source.ts';
import type { FeedHandlers } from '../core/feeds/folder/feed-messages.ts';
import { feedHandlers } from '../core/feeds/folder/serve-feeds.ts';
import { createSqliteSource } from '../core/feeds/folder/sqlite-source.ts';
import type { MirroredTable } from '../core/mirror/catalog.ts';
import type { Clock } from '../core/runtime/clock.ts';
import { randomStream } from './data/random.ts';
import type { DemoData } from './demo-data.ts';
import { createDemoCompany } from './life/company.ts';
import { createLifeDatabase } from './life/database.ts';
import { openStores } from './open-stores.ts';

/** Settings of the Worker, sent as JSON. */
export interface DemoSettings {
  readonly data: DemoData;
  readonly seed: number;
  /** Changes per second. */
  readonly rate: number;
  /** The mirrored columns of each table, the key first. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

/** Events that the Worker sends unasked. */
export type DemoEvent =
  | { readonly kind: 'progress'; readonly text: string }
  /** A change of the company failed. */
  | { readonly kind: 'error'; readonly message: string; readonly cause: string };

export type DemoHandlers = FeedHandlers & { startLife(): void; stopLife(): void };

/**
 * Creates both feeds of the demo and the changes of its company, in one thread.
 *
 * @throws SourceError if a file cannot be read
 */
export function createDemoHost(
  { data, seed, rate, tables: mirrored }: DemoSettings,
  clock: Clock,
  report: (event: DemoEvent) => void,
): DemoHandlers {
  const onProgress = (text: string) => report({ kind: 'progress', text });
  const stores = openStores(data, onProgress);
  const { collections, detectChanges, flush } = stores;
  const isGenerated = data.kind === 'generated' || data.isGenerated;
  const sql = createSqliteSource({
    ...{ store: stores.sql, tables: tablesNamed(sqlTables, mirrored), warn: onProgress },
    description: stores.sql.place,
  });
  const documents = createDocumentSource({
    ...{
      collections,
      tables: tablesNamed(companyCollections, mirrored),
      description: 'documents',
      now: clock.now,
      detectChanges,
      onClose: flush,
    },
    mode: data.kind === 'folder' ? 'watch' : 'told',
  });
  const company = createDemoCompany({
    ...{ database: createLifeDatabase(stores.sql), collections, rate, clock },
    random: randomStream(seed, `life from ${clock.now()}`),
    writesLogs: isGenerated,
    onError: (error) => report(errorEvent(error)),
  });
  return { ...feedHandlers({ sql, documents }), startLife: company.start, stopLife: company.stop };
}

/** Table definitions contain functions and cannot be sent to a Worker, so they are looked up by name. */
function tablesNamed(tables: readonly Table[], mirrored: DemoSettings['tables']): MirroredTable[] {
  return mirrored.flatMap(({ name, columns }) => {
    const table = tables.find((each) => each.name === name);
    return table === undefined ? [] : [{ table, columns }];
  });
}

function errorEvent(error: unknown): DemoEvent {
  if (!(error instanceof Error)) return { kind: 'error', message: String(error), cause: '' };
  const { message, cause } = error;
  return { kind: 'error', message, cause: cause instanceof Error ? cause.message : '' };
}
