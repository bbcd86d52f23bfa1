import { collections as companyCollections, sqlTables } from '../../src/company/tables.ts';
import { createCollections } from '../../src/core/feeds/folder/collections.ts';
import { createDocumentSource } from '../../src/core/feeds/folder/document-source.ts';
import { createSqliteSource } from '../../src/core/feeds/folder/sqlite-source.ts';
import { memoryStore } from '../../src/core/feeds/folder/sqlite-store.ts';
import { mirroredTables } from '../../src/core/mirror/catalog.ts';
import type { Mirror } from '../../src/core/mirror/mirror.ts';
import type { Clock } from '../../src/core/runtime/clock.ts';
import type { Feature } from '../../src/core/runtime/define-feature.ts';
import type { Snapshot } from '../../src/core/runtime/snapshot.ts';
import type { RunningFeature } from '../../src/core/runtime/supervisor.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import { randomStream } from '../../src/demo/data/random.ts';
import { createDemoCompany, type DemoCompany } from '../../src/demo/life/company.ts';
import { createLifeDatabase } from '../../src/demo/life/database.ts';
import { features } from '../../src/features/index.ts';
import { demoDatabase, SMALL } from '../demo/company.ts';
import { localSources } from './local-sources.ts';
import { publishedFeature } from './published-feature.ts';

/** The real features over the demo company, refreshed when the test says so. */
export interface DemoFeatures {
  readonly running: readonly RunningFeature[];
  /** Changes the company's data, as the clock goes on. */
  readonly company: DemoCompany;
  readonly errors: readonly unknown[];
  /** Computes every figure as of the clock's instant, and publishes the contents that changed. */
  refresh(): Promise<ReadonlyMap<string, Snapshot>>;
  stop(): Promise<void>;
}

/** @param rate changes a second */
export function demoFeatures(clock: Clock, rate: number): DemoFeatures {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const store = memoryStore(demoDatabase(), 'the demo company');
  const { tickets, logs } = generateDocuments(SMALL);
  const collections = createCollections({ support_tickets: tickets, logs });
  const description = 'the demo company';
  const { feeds, mirror } = localSources(
    {
      sql: createSqliteSource({
        ...{ store, warn: () => {}, description },
        tables: mirroredTables('sql', sqlTables, features),
      }),
      documents: createDocumentSource({
        ...{ collections, mode: 'told', now: clock.now, description },
        tables: mirroredTables('documents', companyCollections, features),
      }),
    },
    { timeZone: 'America/Sao_Paulo', onError },
  );
  const all = features.map((feature) => refreshedFeature(feature, mirror, clock));
  const company = createDemoCompany({
    ...{ database: createLifeDatabase(store), collections, rate, random: randomStream(1, 'life'), clock, onError },
    writesLogs: false,
  });
  for (const feed of Object.values(feeds)) feed.start();
  return {
    ...{ running: all.map(({ running }) => running), company, errors },
    async refresh() {
      await Promise.all(Object.values(feeds).map((feed) => feed.sync()));
      const snapshots = await Promise.all(all.map(({ refresh }) => refresh()));
      return new Map(snapshots.map((snapshot) => [snapshot.feature, snapshot]));
    },
    async stop() {
      company.stop();
      await Promise.all(Object.values(feeds).map((feed) => feed.stop()));
    },
  };
}

function refreshedFeature(feature: Feature, mirror: Pick<Mirror, 'figures'>, clock: Clock) {
  const { running, latest, publish } = publishedFeature(feature);
  const { name } = feature;
  return {
    running,
    async refresh(): Promise<Snapshot> {
      const now = clock.now();
      const loaded = await mirror.figures(feature, now, null);
      if (loaded === null) throw new Error(`${name} has no figures`);
      const known = latest();
      const { encoded } = loaded;
      if (known?.encoded.hash === encoded.hash) return known;
      const seq = (known?.seq ?? 0) + 1;
      const snapshot: Snapshot = {
        ...loaded.content(),
        ...{ feature: name, seq, generatedAt: now, freshness: { status: 'live' }, encoded },
      };
      publish(snapshot);
      return snapshot;
    },
  };
}
