/** How a SQL Server is reached and asked. */
export interface SqlServerSettings {
  readonly server: string;
  readonly port: number;
  /** A named instance, whose port the SQL Server Browser names; null: `port` counts. */
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
  /** For one statement, and for a free connection of the pool. */
  readonly requestTimeoutMs: number;
  /** How often every table is read whole where the server does not tell what changed, ms. */
  readonly changeIntervalMs: number;
}

/** What counts where nothing else is configured. */
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
