import type { Catalog, MirroredTable } from '../../mirror/catalog.ts';
import { SessionOutdatedError } from '../feed-source.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { catalogOf, findTables, type SqliteTable } from './sqlite-tables.ts';

/** The tables of a session. */
export interface SqliteSchema {
  readonly catalog: Catalog;
  readonly catalogHash: string;
  readonly tables: readonly SqliteTable[];
  /**
   * Checks whether the schema changed. A new index does not matter; a recreated table may have other rows.
   *
   * @throws SessionOutdatedError if tables or columns changed
   */
  refresh(): void;
}

export interface SqliteSchemaOptions {
  readonly connection: SqliteConnection;
  readonly tables: readonly MirroredTable[];
  /** The database as people know it. */
  readonly place: string;
  readonly warn: (text: string) => void;
}

/** Finds the tables, and starts to log their changes. */
export function openSchema({ connection, tables, place, warn }: SqliteSchemaOptions): SqliteSchema {
  const { database, log } = connection;
  const find = () => findTables(database, tables, (text) => warn(`${place}: ${text}`));
  let version = schemaVersion(connection);
  let found = find();
  const catalog = catalogOf(found);
  const catalogHash = hashOf(catalog);
  log.watch(found);
  return {
    catalog,
    catalogHash,
    get tables() {
      return found;
    },
    refresh() {
      const current = schemaVersion(connection);
      if (current === version) return;
      const now = find();
      if (hashOf(catalogOf(now)) !== catalogHash) {
        throw new SessionOutdatedError(`The tables of ${place} have changed`, true);
      }
      version = current;
      found = now;
      log.watch(found);
      connection.noteUnlogged();
    },
  };
}

/** https://www.sqlite.org/pragma.html#pragma_schema_version */
function schemaVersion({ database }: SqliteConnection): number {
  const row = database.query<{ schema_version: number | bigint }, []>('pragma main.schema_version').get();
  return Number(row?.schema_version);
}

function hashOf(catalog: Catalog): string {
  return Bun.hash(JSON.stringify(catalog)).toString(16);
}
