import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import fc from 'fast-check';
import { createSqliteSource } from '../../../src/core/feeds/folder/sqlite-source.ts';
import { fileStore } from '../../../src/core/feeds/folder/sqlite-store.ts';
import { features } from '../../../src/features/index.ts';
import { situations } from '../../oracle/arbitraries.ts';
import { expectEveryFigure, featuresOf, HOLDINGS } from '../../oracle/every-oracle.ts';
import { type Followed, followed } from '../../oracle/followed.ts';
import { mirroredBy, readerOf } from '../../oracle/mirrored.ts';
import {
  copies,
  type Edit,
  edits,
  type Holder,
  type OwnData,
  sortedProblems,
  spellings,
  storeOwnData,
} from '../../oracle/own-data.ts';
import { folderSqlSource } from '../../support/folder-sources.ts';
import { temporaryFolder } from '../../support/process.ts';
import { serveSqlServer } from '../../support/sql-server-endpoint.ts';

/** Values that are missing in a user's own data are reported by row and column; the figures are those of the rest. */
const WITHIN_MS = 300_000;
const tables = mirroredBy(features, 'sql');

/** A user's own database, and how it is served. */
interface Served {
  readonly source: Parameters<typeof followed>[0]['source'];
  /** Runs statements as one transaction. */
  write(work: (database: Database) => void): Promise<void>;
  close(): Promise<void>;
}

async function byThisProgram(database: Database): Promise<Served> {
  const held = folderSqlSource(database, tables);
  return { source: () => held.source, write: held.change, close: async () => database.close() };
}

async function byAnotherProgram(database: Database): Promise<Served> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'greg.sqlite');
  await Bun.write(path, database.serialize());
  database.close();
  const other = new Database(path);
  return {
    source: () => createSqliteSource({ store: fileStore(path), tables, warn: () => {}, description: 'a file' }),
    write: async (work) => other.transaction(work)(other),
    async close() {
      other.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function overTds(database: Database): Promise<Served> {
  const server = await serveSqlServer(database);
  return {
    source: (clock) => server.source({ tables, clock }),
    write: async (work) => database.transaction(work)(database),
    async close() {
      await server.close();
      database.close();
    },
  };
}

function expectProblems({ mirror }: Followed, own: OwnData): void {
  const reader = readerOf(mirror);
  for (const feature of featuresOf('sql')) {
    const found = reader.problems(feature.reads);
    const told = found.map(({ example: _, ...rest }) => rest);
    expect(sortedProblems(told)).toEqual(sortedProblems(own.problems(feature)));
    for (const { kind, table, column, example } of found) {
      if (kind === 'unreadable-value') expect(own.keysOf(table, column)).toContain(String(example));
    }
  }
}

async function expectAgreementOnOwnData(
  holder: Holder,
  runs: number,
  serve: (database: Database) => Promise<Served>,
): Promise<void> {
  const companies = situations(HOLDINGS.sql, { unreadable: false });
  const none = fc.constant([]);
  const property = fc.asyncProperty(
    companies,
    edits,
    fc.array(edits, { maxLength: 3 }),
    // Change Tracking needs a key that is one.
    holder === 'sqlite' ? copies : none,
    spellings,
    async (situation, first, later, copied, spell) => {
      const database = new Database(':memory:');
      const own = storeOwnData(database, situation.company, { holder, copied, spell });
      const apply = (changes: readonly Edit[]) => (target: Database) => {
        for (const [sql, value, rowid] of own.edit(changes)) target.query(sql).run(value, rowid);
      };
      apply(first)(database);
      const served = await serve(database);
      const following = followed({ ...served, write: async () => {} }, features, 'sql', situation.now);
      const expectAgreement = async () => {
        await following.sync();
        expectEveryFigure('sql', readerOf(following.mirror), { ...situation, company: own.company() });
        expectProblems(following, own);
      };
      try {
        await expectAgreement();
        for (const changes of later) {
          await served.write(apply(changes));
          await expectAgreement();
        }
      } finally {
        await following.close();
      }
    },
  );
  const numRuns = Number(process.env.ORACLE_RUNS ?? runs);
  await fc.assert(property, { numRuns, interruptAfterTimeLimit: WITHIN_MS * 0.9 });
}

test(
  'a SQLite database without types and keys',
  () => expectAgreementOnOwnData('sqlite', 60, byThisProgram),
  WITHIN_MS,
);

test(
  'a SQLite file that another program writes to',
  () => expectAgreementOnOwnData('sqlite', 30, byAnotherProgram),
  WITHIN_MS,
);

test('a SQL Server with views of any types', () => expectAgreementOnOwnData('sql-server', 40, overTds), WITHIN_MS);
