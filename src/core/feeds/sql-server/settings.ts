/** How to connect to SQL Server. */
export interface SqlServerSettings {
  readonly server: string;
  readonly port: number;
  /** A named instance, whose port the SQL Server Browser returns; null: `port` is used. */
  readonly instanceName: string | null;
  readonly database: string;
  readonly userName: string;
  readonly password: string;
  /** `strict` is TDS 8.0; false sends everything but the login in the clear. */
  readonly encryption: boolean | 'strict';
  /** Accepts any certificate, which allows eavesdropping. */
  readonly trustServerCertificate: boolean;
  /** PEM of a certificate authority to trust besides the usual ones. */
  readonly certificateAuthority: string | null;
  /** `ApplicationIntent=ReadOnly`: an availability group's listener then leads to a readable secondary. */
  readonly readOnlyIntent: boolean;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  /** Time limit for one statement, and for waiting for a connection of the pool. */
  readonly requestTimeoutMs: number;
  /** How often every table is read whole if the server cannot report changes, ms. */
  readonly changeIntervalMs: number;
}

/** Defaults. */
export const SQL_SERVER_DEFAULTS = {
  port: 1433,
  instanceName: null,
  encryption: true,
  trustServerCertificate: false,
  certificateAuthority: null,
  readOnlyIntent: false,
  poolSize: 10,
  connectTimeoutMs: 15_000,
  requestTimeoutMs: 30_000,
  changeIntervalMs: 30_000,
} as const satisfies Partial<SqlServerSettings>;
