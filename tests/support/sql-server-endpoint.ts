import type { Database } from 'bun:sqlite';
import { sqlTables } from '../../src/company/tables.ts';
import { SQL_SERVER_DEFAULTS, type SqlServerSettings } from '../../src/core/feeds/sql-server/settings.ts';
import { createSqlServerFeedSource, type SqlServerFeedSource } from '../../src/core/feeds/sql-server/source.ts';
import type { MirroredTable } from '../../src/core/mirror/catalog.ts';
import { type Clock, systemClock } from '../../src/core/runtime/clock.ts';
import { createSqlAnswers } from './sql-answers.ts';
import type { SqlChangeLog } from './sql-change-log.ts';
import type { SqlServerAbilities } from './sql-schema.ts';
import { TEST_CERTIFICATE } from './tds/certificate.ts';
import {
  startTdsEndpoint,
  type TdsAnswer,
  type TdsEndpoint,
  type TdsError,
  type TdsLogin,
  type TdsStatement,
} from './tds/endpoint.ts';

/** A server that answers the real driver from a SQLite database, over real TLS connections. */
export interface SqlServerEndpoint {
  readonly endpoint: TdsEndpoint;
  /** Settings of the server; each may be changed while it runs. */
  readonly abilities: SqlServerAbilities;
  readonly changes: SqlChangeLog;
  /** Requests so far, without the driver's own settings. */
  readonly requests: number;
  /** Number of sent rows of tables. */
  readonly rowsSent: number;
  /** Address for a proxy: `http://host:port`. */
  readonly address: string;
  /** Runs a statement that changes tables, in its own transaction. */
  write(sql: string): void;
  /** Settings to connect to it, through a proxy if its port is given. */
  settings(overrides?: Partial<SqlServerSettings>): SqlServerSettings;
  source(options?: FeedSourceOptions): SqlServerFeedSource;
  close(): Promise<void>;
}

export interface FeedSourceOptions {
  readonly settings?: Partial<SqlServerSettings>;
  readonly clock?: Clock;
  readonly tables?: readonly MirroredTable[];
}

export interface SqlServerEndpointOptions {
  readonly port?: number;
  /** Takes precedence over other answers unless undefined. */
  readonly interfere?: (statement: TdsStatement, signal: AbortSignal) => TdsAnswer | Promise<TdsAnswer> | undefined;
  /** Null accepts the login. */
  readonly login?: (login: TdsLogin) => TdsError | readonly TdsError[] | null;
  readonly encryption?: 'required' | 'off';
  /** PEM; self-signed by default. */
  readonly certificate?: string;
}

/** Every table of SQL Server with all its columns, the key first. */
export const EVERY_COLUMN: readonly MirroredTable[] = sqlTables.map((table) => ({
  table,
  columns: [table.key, ...Object.keys(table.columns).filter((column) => column !== table.key)],
}));

const SETTINGS = /^\s*set\s(?![\s\S]*\bselect\b)/i;

/** @param database its tables have the company's names, and the types of SQL Server as declared types */
export async function serveSqlServer(
  database: Database,
  options: SqlServerEndpointOptions = {},
): Promise<SqlServerEndpoint> {
  const answers = createSqlAnswers(database, new Map(sqlTables.map(({ name, key }) => [name, key])));
  let requests = 0;
  const endpoint = await startTdsEndpoint({
    ...options,
    async answer(statement, signal) {
      if (!SETTINGS.test(statement.sql)) requests++;
      return (await options.interfere?.(statement, signal)) ?? answers.answer(statement) ?? unknown(statement);
    },
  });
  const settings = (overrides: Partial<SqlServerSettings> = {}): SqlServerSettings => ({
    ...SQL_SERVER_DEFAULTS,
    ...{ server: 'localhost', port: endpoint.port, database: 'Greg', userName: 'greg_bi', password: 'a Secret 1' },
    certificateAuthority: TEST_CERTIFICATE,
    ...overrides,
  });
  return {
    endpoint,
    abilities: answers.abilities,
    changes: answers.changes,
    get requests() {
      return requests;
    },
    get rowsSent() {
      return answers.rowsSent;
    },
    address: `http://127.0.0.1:${endpoint.port}`,
    write(sql) {
      database.transaction(() => database.run(sql))();
      answers.changes.version();
    },
    settings,
    source: ({ settings: overrides = {}, clock = systemClock, tables = EVERY_COLUMN } = {}) =>
      createSqlServerFeedSource({ settings: settings(overrides), tables, clock, random: Math.random }),
    close: () => endpoint.close(),
  };
}

function unknown({ sql }: TdsStatement): TdsAnswer {
  return { error: { number: 50_000, message: `The endpoint does not know this statement: ${sql.slice(0, 300)}` } };
}
