-- Change Tracking for the tables that Greg BI reads: changes are found without reading a table. Costs the database a few
-- bytes for each changed row, kept for two days.
--
-- Also snapshot isolation, so that one load reads all tables as of one moment and no reader waits for a writer. Both need
-- ALTER on the database. Run again, it changes nothing:
--
--     sqlcmd -C -S localhost -U sa -d Greg -i db/change-tracking.sql
--
-- Made from src/company/tables.ts by `npm run document`.

set nocount on;

if not exists (select * from sys.change_tracking_databases where database_id = db_id())
  alter database current set change_tracking = on (change_retention = 2 days, auto_cleanup = on);

if exists (select * from sys.databases where database_id = db_id() and snapshot_isolation_state = 0)
  alter database current set allow_snapshot_isolation on;
go

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.AspNetUsers'))
  alter table dbo.AspNetUsers enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Payments'))
  alter table dbo.Payments enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Plans'))
  alter table dbo.Plans enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Subscriptions'))
  alter table dbo.Subscriptions enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Claims'))
  alter table dbo.Claims enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Chargebacks'))
  alter table dbo.Chargebacks enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Courses'))
  alter table dbo.Courses enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Files'))
  alter table dbo.Files enable change_tracking;

if not exists (select * from sys.change_tracking_tables where object_id = object_id(N'dbo.Videos'))
  alter table dbo.Videos enable change_tracking;
