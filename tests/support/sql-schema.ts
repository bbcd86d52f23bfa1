import type { Database } from 'bun:sqlite';
import type { TdsError } from './tds/endpoint.ts';

/** Settings of a server besides its tables; each may change while it runs. */
export interface SqlServerAbilities {
  /** Whether the database allows SNAPSHOT transactions. */
  snapshot: boolean;
  /** `partly`: of all tables but Payments. */
  changeTracking: 'on' | 'off' | 'partly' | 'denied' | 'unknown';
  usageStatistics: 'on' | 'denied' | 'unknown';
  collation: string;
  /** Changes with a restore. */
  identity: string;
  /** Changes when the server restarts. */
  started: string;
  /** Tables, or `Table.Column`, that the login may not select. */
  readonly revoked: Set<string>;
  /** Additional permissions of the login, such as `Claims UPDATE`. */
  readonly granted: Set<string>;
  role: 'sysadmin' | 'db_owner' | null;
  /** Whether the server reports permissions, roles and snapshots, or returns NULL. */
  tellsOfPermissions: boolean;
  /** As `@@version` says; null where that is not known. */
  version: string | null;
  /** How far the server's clock is ahead, ms. */
  clockAheadMs: number;
}

/** Error numbers and messages of SQL Server (Database Engine events and errors). */
export const ERRORS = {
  noFunction: () => refusal(195, "'change_tracking_current_version' is not a recognized built-in function name."),
  noColumn: (name: string) => refusal(207, `Invalid column name '${name}'.`),
  noObject: (name: string) => refusal(208, `Invalid object name '${name}'.`),
  denied: (permission: string, name: string) =>
    refusal(229, `The ${permission} permission was denied on the object '${name}', database 'Greg', schema 'dbo'.`),
  columnDenied: (name: string) => refusal(230, `The SELECT permission was denied on the column '${name}'.`),
  noServerState: () => refusal(300, "VIEW SERVER STATE permission was denied on object 'server', database 'master'."),
  noSnapshot: () => refusal(3952, 'Snapshot isolation transaction failed accessing database Greg.'),
  notTracked: (name: string) => refusal(22_105, `Change tracking is not enabled on table '${name}'.`),
} as const;

export class Refusal extends Error {
  constructor(readonly error: TdsError) {
    super(error.message);
  }
}

function refusal(number: number, message: string): Refusal {
  return new Refusal({ number, message });
}

/** The tables of a server that its login may see. */
export interface Schema {
  /** The company's names of existing, visible tables. */
  visible(): string[];
  /** The database's spelling. */
  actual(name: string): string;
  columns(name: string): string[];
  /** `nvarchar`, `datetime2`. */
  dataType(name: string, column: string): string;
  primaryKey(name: string): string | null;
  isView(name: string): boolean;
  /** @throws Refusal where a column is not there or may not be selected */
  check(name: string, columns: readonly string[]): void;
}

export function schemaOver(
  database: Database,
  keys: ReadonlyMap<string, string>,
  abilities: SqlServerAbilities,
): Schema {
  const found = (): Map<string, { readonly name: string; readonly type: string }> =>
    new Map(
      database
        .query<{ name: string; type: string }, []>(
          "select name, type from sqlite_schema where type in ('table', 'view')",
        )
        .all()
        .flatMap((row) => {
          const known = [...keys.keys()].find((key) => key.toLowerCase() === row.name.toLowerCase());
          return known === undefined ? [] : [[known, row]];
        }),
    );
  const infoOf = (name: string) =>
    database
      .query<{ name: string; type: string; pk: number }, [string]>('select name, type, pk from pragma_table_info(?)')
      .all(found().get(name)?.name ?? name);
  const columns = (name: string) => infoOf(name).map((column) => column.name);
  return {
    visible: () => [...found().keys()].filter((name) => !abilities.revoked.has(name)),
    actual: (name) => found().get(name)?.name ?? name,
    columns,
    dataType(name, asked) {
      const type = infoOf(name).find((column) => column.name === asked)?.type ?? '';
      return type.toLowerCase().replace(/\(.*/, '').replace('integer', 'int').trim();
    },
    primaryKey: (name) => infoOf(name).find(({ pk }) => pk === 1)?.name ?? null,
    isView: (name) => found().get(name)?.type === 'view',
    check(name, asked) {
      if (!found().has(name)) throw ERRORS.noObject(`dbo.${name}`);
      if (abilities.revoked.has(name)) throw ERRORS.denied('SELECT', name);
      const there = columns(name);
      for (const column of asked) {
        if (!there.includes(column)) throw ERRORS.noColumn(column);
        if (abilities.revoked.has(`${name}.${column}`)) throw ERRORS.columnDenied(column);
      }
    },
  };
}
