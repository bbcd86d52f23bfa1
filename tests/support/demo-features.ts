import { collections as companyCollections, sqlTables } from '../../src/company/tables.ts';
import { createCollections } from '../../src/core/feeds/folder/collections.ts';
import { createDocumentSource } from '../../src/core/feeds/folder/document-source.ts';
import { createSqliteSource } from '../../src/core/feeds/folder/sqlite-source.ts';
import { memoryStore } from '../../src/core/feeds/folder/sqlite-store.ts';
import { mirroredTables } from '../../src/core/mirror/catalog.ts';
import { DEFAULT_TIMINGS } from '../../src/core/runtime/actor-state.ts';
import type { Clock } from '../../src/core/runtime/clock.ts';
import { type Supervisor, supervise } from '../../src/core/runtime/supervisor.ts';
import { createVolatileStore } from '../../src/core/store/volatile-store.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import { randomStream } from '../../src/demo/data/random.ts';
import { createDemoCompany, type DemoCompany } from '../../src/demo/life/company.ts';
import { createLifeDatabase } from '../../src/demo/life/database.ts';
import { features } from '../../src/features/index.ts';
import { demoDatabase, SMALL } from '../demo/company.ts';
import { localSources } from './local-sources.ts';

/** The real features over the demo company, in this thread and on any clock. */
export interface DemoFeatures {
  readonly supervisor: Supervisor;
  /** Changes the company's data. */
  readonly company: DemoCompany;
  readonly errors: readonly unknown[];
}

/** @param rate changes a second */
export function demoFeatures(clock: Clock, rate: number): DemoFeatures {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const store = memoryStore(demoDatabase(), 'the demo company');
  const { tickets, logs } = generateDocuments(SMALL);
  const collections = createCollections({ support_tickets: tickets, logs });
  const common = { warn: () => {}, description: 'the demo company' };
  const { feeds, mirror } = localSources(
    {
      sql: createSqliteSource({ ...common, store, tables: mirroredTables('sql', sqlTables, features) }),
      documents: createDocumentSource({
        ...{ collections, mode: 'told', now: clock.now, description: common.description },
        tables: mirroredTables('documents', companyCollections, features),
      }),
    },
    { clock, timeZone: 'America/Sao_Paulo', timings: { askEveryMs: 30_000 }, onError },
  );
  const timings = { ...DEFAULT_TIMINGS, maxAgeMs: 600_000 };
  const supervisor = supervise({
    ...{
      features,
      feeds,
      mirror,
      timings,
      clock,
      random: () => 0.5,
      sequences: createVolatileStore(clock.now()),
      onError,
    },
  });
  const company = createDemoCompany({
    ...{ database: createLifeDatabase(store), collections, rate, random: randomStream(1, 'life'), clock, onError },
    writesLogs: false,
  });
  return { supervisor, company, errors };
}
