import type { Column } from './column.ts';
import type { Table } from './table.ts';

/** The scripts in `db/`, made from the company's tables. Each can be run again: it then adds what is missing. */

const SCHEMA_HEAD = `-- The tables that Greg BI reads, as the back end's EF Core entities define them: for a trial, for tests, and for
-- \`docker compose\`. Not needed next to the real back end, which creates its own.
--
-- Without foreign keys, since real data have orphans too. Run it in the target database; run again, it changes nothing:
--
--     sqlcmd -C -S localhost -U sa -d Greg -i db/schema.sql
--
-- Made from src/company/tables.ts by \`npm run document\`.

set nocount on;
`;

const LOGIN_HEAD = `-- A login that may read the tables of Greg BI and their changes, and do nothing else. Run as an administrator, in the
-- database that holds the tables; run again, it adds missing permissions and sets the password:
--
--     sqlcmd -C -S localhost -U sa -d Greg -v BI_PASSWORD="a long password" -i db/login.sql
--
-- It gets no other permission, not even the one for usage statistics (VIEW DATABASE STATE), which show changes without
-- Change Tracking (db/change-tracking.sql).
--
-- Made from src/company/tables.ts by \`npm run document\`.

set nocount on;

if suser_id(N'greg_bi') is null
  create login greg_bi with password = N'$(BI_PASSWORD)';
else
  alter login greg_bi with password = N'$(BI_PASSWORD)';

if user_id(N'greg_bi') is null
  create user greg_bi for login greg_bi;
go
`;

const CHANGE_TRACKING_HEAD = `-- Change Tracking for the tables that Greg BI reads: changes are found without reading a table. Costs the database a few
-- bytes for each changed row, kept for two days.
--
-- Also snapshot isolation, so that one load reads all tables as of one moment and no reader waits for a writer. Both need
-- ALTER on the database. Run again, it changes nothing:
--
--     sqlcmd -C -S localhost -U sa -d Greg -i db/change-tracking.sql
--
-- Made from src/company/tables.ts by \`npm run document\`.

set nocount on;

if not exists (select * from sys.change_tracking_databases where database_id = db_id())
  alter database current set change_tracking = on (change_retention = 2 days, auto_cleanup = on);

if exists (select * from sys.databases where database_id = db_id() and snapshot_isolation_state = 0)
  alter database current set allow_snapshot_isolation on;
go
`;

/** `db/schema.sql`: the tables as the back end makes them, without foreign keys. */
export function schemaScript(tables: readonly Table[]): string {
  return [SCHEMA_HEAD, ...tables.map(createTable)].join('\n');
}

/** `db/login.sql`: a login that may read the tables and their changes, and nothing else. */
export function loginScript(tables: readonly Table[]): string {
  return `${LOGIN_HEAD}\n${tables.map(grant).join('')}`;
}

/** `db/change-tracking.sql`: Change Tracking for every table, and snapshot isolation. */
export function changeTrackingScript(tables: readonly Table[]): string {
  return [CHANGE_TRACKING_HEAD, ...tables.map(enableChangeTracking)].join('\n');
}

function createTable(table: Table): string {
  const { name, columns, key, indexes } = table;
  const definitions = [
    ...Object.entries(columns).map(([column, definition]) => columnDefinition(name, column, definition)),
    `constraint PK_${name} primary key (${key})`,
  ];
  const create = [`create table dbo.${name} (`, `  ${definitions.join(',\n    ')}`, ');'];
  const createIndexes = indexes.map((column) => `create index IX_${name}_${column} on dbo.${name} (${column});`);
  const statements = [...create, ...createIndexes].map((line) => `  ${line}`);
  const body = createIndexes.length === 0 ? statements : ['begin', ...statements, 'end;'];
  return lines(`if object_id(N'dbo.${name}', N'U') is null`, ...body);
}

function columnDefinition(table: string, name: string, { sqlType, nullable, unique }: Column): string {
  const key = unique ? [`constraint AK_${table}_${name} unique`] : [];
  return [name, sqlType, nullable ? 'null' : 'not null', ...key].join(' ');
}

function grant({ name }: Table): string {
  return lines(`grant select, view change tracking on dbo.${name} to greg_bi;`);
}

function enableChangeTracking({ name }: Table): string {
  return lines(
    `if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.${name}'))`,
    `  alter table dbo.${name} enable change_tracking;`,
  );
}

function lines(...each: string[]): string {
  return `${each.join('\n')}\n`;
}
