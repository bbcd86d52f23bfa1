import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import { type Document, ObjectId } from 'mongodb';
import { createSqliteSource } from '../../src/core/feeds/folder/sqlite-source.ts';
import { fileStore } from '../../src/core/feeds/folder/sqlite-store.ts';
import { features } from '../../src/features/index.ts';
import { folderSqlSource, memoryDocumentSource } from '../support/folder-sources.ts';
import { mongoFeedAt } from '../support/mongo-feed.ts';
import type { Collections, MongoServer } from '../support/mongo-servers.ts';
import { temporaryFolder } from '../support/process.ts';
import type { SqlServerAbilities } from '../support/sql-schema.ts';
import { serveSqlServer } from '../support/sql-server-endpoint.ts';
import type { Step } from './changes.ts';
import type { HeldCompany } from './followed.ts';
import { mirroredBy } from './mirrored.ts';
import type { Company } from './rows.ts';
import { databaseOf, documentsOf, statementOf } from './stored-company.ts';

/** The same company in everything that a feed can follow. */

const sqlTables = mirroredBy(features, 'sql');
const collections = mirroredBy(features, 'documents');

/** In a SQLite database that this program alone writes to. */
export async function inSqlite(company: Company): Promise<HeldCompany> {
  const database = databaseOf(company);
  const held = folderSqlSource(database, sqlTables);
  return {
    source: () => held.source,
    write: (steps) => held.write(...steps.map(statementOf)),
    close: async () => database.close(),
  };
}

/** In a SQLite file that another program writes to. */
export async function inSqliteFile(company: Company): Promise<HeldCompany> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'greg.sqlite');
  const database = databaseOf(company);
  await Bun.write(path, database.serialize());
  database.close();
  const other = new Database(path);
  return {
    source: () =>
      createSqliteSource({ store: fileStore(path), tables: sqlTables, warn: () => {}, description: 'a file' }),
    async write(steps) {
      other.transaction(() => {
        for (const step of steps) other.run(statementOf(step));
      })();
    },
    async close() {
      other.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** On a SQL Server, by the real driver. */
export async function onSqlServer(company: Company, abilities: Partial<SqlServerAbilities> = {}): Promise<HeldCompany> {
  const database = databaseOf(company);
  const server = await serveSqlServer(database);
  Object.assign(server.abilities, abilities);
  return {
    source: (clock) => server.source({ tables: sqlTables, clock }),
    async write(steps) {
      server.write(steps.map(statementOf).join('; '));
      for (const name of tablesReadWhole(steps)) server.changes.forget(name);
    },
    async close() {
      await server.close();
      database.close();
    },
  };
}

/** Tables of which the source tells no more than that they changed. */
function tablesReadWhole(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(steps.filter(({ isWhole }) => isWhole).map(({ mirrored }) => mirrored.table.name));
}

/** In collections of this program. */
export async function inCollections(company: Company, now: number): Promise<HeldCompany> {
  const held = memoryDocumentSource(documentsOf(company), collections, () => now);
  return {
    source: () => held.source,
    async write(steps) {
      for (const { name, id, document } of steps.map(documentStep)) {
        const [found] = held.collections.documentsOf(name, new Set([id]));
        if (found !== undefined) held.collections.delete(name, found);
        if (document !== null) held.collections.insert(name, [document]);
      }
    },
    close: async () => {},
  };
}

/** On a MongoDB, by the real driver. */
export async function onMongo(
  company: Company,
  open: (held: Collections) => Promise<MongoServer>,
): Promise<HeldCompany> {
  const server = await open(
    Object.fromEntries(Object.entries(documentsOf(company)).map(([name, all]) => [name, all.map(withObjectId)])),
  );
  return {
    source: (clock) =>
      mongoFeedAt(server.url(), { database: server.database }, { tables: collections, clock, awaitMs: 50 }),
    async write(steps) {
      for (const step of steps) {
        const { name, id, document } = documentStep(step);
        const key = new ObjectId(id);
        if (document === null) await server.remove(name, key);
        else if (step.wasThere) await server.replace(name, key, withObjectId(document));
        else await server.insert(name, [withObjectId(document)]);
      }
    },
    close: () => server.close(),
  };
}

interface DocumentStep {
  readonly name: string;
  /** 24 hexadecimal digits. */
  readonly id: string;
  /** Null: it is deleted. */
  readonly document: Document | null;
}

function documentStep({ mirrored: { table }, row, isDeleted }: Step): DocumentStep {
  const [document = {}] = documentsOf(row)[table.name] ?? [];
  return { name: table.name, id: String(document._id), document: isDeleted ? null : document };
}

function withObjectId(document: Document): Document {
  return { ...document, _id: new ObjectId(String(document._id)) };
}
