import { describe, expect, test } from 'bun:test';
import {
  instant,
  nullable,
  numberKey,
  optional,
  text,
  textKey,
  textReference,
  unique,
} from '../../src/company/column.ts';
import { changeTrackingScript, loginScript, schemaScript } from '../../src/company/sql-server-scripts.ts';
import { table } from '../../src/company/table.ts';

const plain = table('Plain', { Id: numberKey(), Name: nullable(text('nvarchar(max)')) });
const indexed = table('Indexed', { Id: textKey(), Other: unique(textReference()), At: optional(nullable(instant())) }, [
  'Other',
  'At',
]);

describe('the script of the schema', () => {
  test('makes a table that is not there', () => {
    expect(schemaScript([plain])).toEndWith(`set nocount on;

if object_id(N'dbo.Plain', N'U') is null
  create table dbo.Plain (
    Id int not null,
    Name nvarchar(max) null,
    constraint PK_Plain primary key (Id)
  );
`);
  });

  test('makes its indexes with it, and keeps what is unique so', () => {
    expect(schemaScript([plain, indexed])).toEndWith(`
if object_id(N'dbo.Indexed', N'U') is null
begin
  create table dbo.Indexed (
    Id nvarchar(450) not null,
    Other nvarchar(450) not null constraint AK_Indexed_Other unique,
    At datetime2 null,
    constraint PK_Indexed primary key (Id)
  );
  create index IX_Indexed_Other on dbo.Indexed (Other);
  create index IX_Indexed_At on dbo.Indexed (At);
end;
`);
  });
});

test('the script of the login lets it read each table and what changed there', () => {
  expect(loginScript([plain, indexed])).toEndWith(`
go

grant select, view change tracking on dbo.Plain to greg_bi;
grant select, view change tracking on dbo.Indexed to greg_bi;
`);
});

test('the script of Change Tracking turns it on for each table that has none', () => {
  expect(changeTrackingScript([plain])).toEndWith(`
go

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Plain'))
  alter table dbo.Plain enable change_tracking;
`);
});

test('without tables nothing but the beginning is left', () => {
  expect(schemaScript([])).not.toContain('create table');
  expect(loginScript([])).not.toContain('grant select');
  expect(changeTrackingScript([])).not.toContain('alter table');
});
