import type { Database } from 'bun:sqlite';
import { systemClock } from '../../src/core/runtime/clock.ts';
import type { ChangeDetection } from '../../src/core/sources/changes/change-detection.ts';
import type { SqlSource } from '../../src/core/sources/sql/source.ts';
import { sqliteSchema } from '../../src/core/sources/sql/sqlite/schema.ts';
import { SQL_SERVER_DEFAULTS, type SqlServerSettings } from '../../src/core/sources/sql/sqlserver/settings.ts';
import { createSqlServerSource } from '../../src/core/sources/sql/sqlserver/source.ts';
import { createSqlSystem, type SqlSystem } from './sql-system.ts';
import { createTwins, type TwinAnswer, type Twins } from './sql-twins.ts';
import { TEST_CERTIFICATE } from './tds/certificate.ts';
import {
  startTdsEndpoint,
  type TdsAnswer,
  type TdsEndpoint,
  type TdsError,
  type TdsLogin,
  type TdsStatement,
} from './tds/endpoint.ts';

export interface EndpointServer {
  readonly endpoint: TdsEndpoint;
  readonly system: SqlSystem;
  readonly twins: Twins;
  /** Rows sent so far. */
  readonly rows: number;
  /** How to reach it; through a proxy where a port is given. */
  settings(overrides?: Partial<SqlServerSettings>): SqlServerSettings;
  /** A source whose statements the endpoint can answer. */
  source(options?: SourceOptions): SqlSource;
  close(): Promise<void>;
}

export interface SourceOptions {
  readonly settings?: Partial<SqlServerSettings>;
  readonly onDetection?: (detection: ChangeDetection) => void;
}

export interface EndpointOptions {
  readonly port?: number;
  /** Comes before every other answer; undefined leaves it to them. */
  readonly interfere?: (statement: TdsStatement, signal: AbortSignal) => TdsAnswer | Promise<TdsAnswer> | undefined;
  /** Null lets the login in, which everyone is without it. */
  readonly login?: (login: TdsLogin) => TdsError | null;
}

/** Every table that a feature reads. */
const ALL_TABLES = Object.keys(sqliteSchema);

/** A server that answers the real driver from a SQLite database, over real TLS connections. */
export async function serveOverTds(database: Database, options: EndpointOptions = {}): Promise<EndpointServer> {
  const system = createSqlSystem(database);
  const twins = createTwins(database);
  let rows = 0;
  const answer = async (statement: TdsStatement, signal: AbortSignal) => {
    const answered = await (options.interfere?.(statement, signal) ?? answerFrom(system, twins, statement));
    if ('rows' in answered) rows += answered.rows.length;
    return answered;
  };
  const { port = 0, login = () => null } = options;
  const endpoint = await startTdsEndpoint({ answer, login, port });
  const settings = (overrides: Partial<SqlServerSettings> = {}): SqlServerSettings => ({
    ...SQL_SERVER_DEFAULTS,
    ...{ server: 'localhost', port: endpoint.port, database: 'Greg', userName: 'greg_bi', password: 'a Secret 1' },
    certificateAuthority: TEST_CERTIFICATE,
    ...overrides,
  });
  return {
    ...{ endpoint, system, twins, settings },
    get rows() {
      return rows;
    },
    source: ({ settings: overrides, onDetection = () => {} } = {}) =>
      twins.over(
        createSqlServerSource({
          settings: settings(overrides),
          tables: ALL_TABLES,
          clock: systemClock,
          random: Math.random,
          onDetection,
        }),
      ),
    close: () => endpoint.close(),
  };
}

function answerFrom(system: SqlSystem, twins: Twins, { sql, parameters }: TdsStatement): TdsAnswer {
  const told =
    system.answer(sql) ??
    twins.answer(
      sql,
      parameters.map(({ value }) => value),
    );
  if (told === undefined) return { error: { number: 50_000, message: `No twin is known of: ${sql.slice(0, 200)}` } };
  return 'number' in told ? { error: told } : typed(told);
}

/** Every whole number as `bigint`, which is the form that differs most from SQLite's. */
function typed({ columns, rows }: TwinAnswer): TdsAnswer {
  const typeOf = (index: number) => {
    const values = rows.map((row) => row[index]).filter((value) => value !== null);
    if (values.length === 0 || values.some((value) => typeof value === 'string')) return 'nvarchar';
    return values.every(Number.isInteger) ? 'bigint' : 'float';
  };
  return { columns: columns.map((name, index) => ({ name, type: typeOf(index) })), rows };
}
