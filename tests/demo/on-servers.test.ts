import { expect, test } from 'bun:test';
import type { Sources } from '../../src/core/sources/sources.ts';
import { generateDocuments } from '../../src/demo/data/documents.ts';
import type { CompanySpec } from '../../src/demo/data/spec.ts';
import { storedForm } from '../../src/demo/load/mongo.ts';
import { features } from '../../src/features/index.ts';
import { noDocuments, noTables } from '../oracle/agreement.ts';
import { documentSourceOf } from '../support/document-source.ts';
import { onEveryMongoServer } from '../support/mongo-servers.ts';
import { mongoSourceAt } from '../support/mongo-source.ts';
import { onEverySqlServer } from '../support/sql-servers.ts';
import { sqliteSourceOf } from '../support/sqlite-source.ts';
import { demoDatabase } from './company.ts';

/** The company that a person sees who tries the server out, whole. */
const COMPANY: CompanySpec = { seed: 1, scale: 1, anchor: Date.UTC(2026, 2, 31, 12) };
/** Its hundred thousand rows take a real server a minute to load. */
const WITHIN_MS = 600_000;
const READ_WITHIN_MS = 60_000;

async function expectSameFigures(source: keyof Sources, real: Sources, embedded: Sources): Promise<void> {
  for (const feature of features.filter((each) => each.source === source)) {
    const read = (sources: Sources) => feature.load(sources, COMPANY.anchor, AbortSignal.timeout(READ_WITHIN_MS));
    expect(await read(real)).toEqual(await read(embedded));
  }
}

onEverySqlServer(({ open }) => {
  test(
    'the figures of the demo company are those of SQLite',
    async () => {
      const database = demoDatabase(COMPANY);
      const server = await open(database);
      const [sql, embedded] = [server.source(), await sqliteSourceOf(database)];
      try {
        await expectSameFigures('sql', { sql, documents: noDocuments }, { sql: embedded, documents: noDocuments });
      } finally {
        await sql.close();
        await server.close();
        await embedded.close();
      }
    },
    WITHIN_MS,
  );
});

await onEveryMongoServer(({ open }) => {
  test(
    'the figures of the demo company are those of the embedded engine',
    async () => {
      const { tickets, logs } = generateDocuments(COMPANY);
      const embedded = await documentSourceOf({ support_tickets: tickets, logs });
      const server = await open({ support_tickets: tickets.map(storedForm), logs: logs.map(storedForm) });
      const documents = mongoSourceAt(server.url(), { database: server.database });
      try {
        await expectSameFigures('documents', { sql: noTables, documents }, { sql: noTables, documents: embedded });
      } finally {
        await documents.close();
        await server.close();
      }
    },
    WITHIN_MS,
  );
});
