-- A login that may read the tables of Greg BI and their changes, and do nothing else. Run as an administrator, in the
-- database that holds the tables; run again, it adds missing permissions and sets the password:
--
--     sqlcmd -C -S localhost -U sa -d Greg -v BI_PASSWORD="a long password" -i db/login.sql
--
-- It gets no other permission, not even the one for usage statistics (VIEW DATABASE STATE), which show changes without
-- Change Tracking (db/change-tracking.sql).
--
-- Made from src/company/tables.ts by `npm run document`.

set nocount on;

if suser_id(N'greg_bi') is null
  create login greg_bi with password = N'$(BI_PASSWORD)';
else
  alter login greg_bi with password = N'$(BI_PASSWORD)';

if user_id(N'greg_bi') is null
  create user greg_bi for login greg_bi;
go

grant select, view change tracking on dbo.AspNetUsers to greg_bi;
grant select, view change tracking on dbo.Payments to greg_bi;
grant select, view change tracking on dbo.Plans to greg_bi;
grant select, view change tracking on dbo.Subscriptions to greg_bi;
grant select, view change tracking on dbo.Claims to greg_bi;
grant select, view change tracking on dbo.Chargebacks to greg_bi;
grant select, view change tracking on dbo.Courses to greg_bi;
grant select, view change tracking on dbo.Files to greg_bi;
grant select, view change tracking on dbo.Videos to greg_bi;
