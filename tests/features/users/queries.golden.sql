-- ==== totals ====
-- SQLite
select count(*) as "count",
  coalesce(sum(cast("EmailConfirmed" as integer)), 0) as "confirmed",
  coalesce(sum(case when ("CreatedAt" >= ? and "CreatedAt" < ?) then 1 else 0 end), 0) as "recent"
from "AspNetUsers";
--   @1 = "2026-02-13T12:00:00.000Z"
--   @2 = "2026-03-15T12:00:00.001Z"
-- T-SQL
select count(*) as "count",
  coalesce(sum(cast("EmailConfirmed" as int)), 0) as "confirmed",
  coalesce(sum(case when ("CreatedAt" >= @1 and "CreatedAt" < @2) then 1 else 0 end), 0) as "recent"
from "AspNetUsers";
--   @1 = datetime 2026-02-13T12:00:00.000Z
--   @2 = datetime 2026-03-15T12:00:00.001Z
-- rows: 1
--   {"count":4,"confirmed":2,"recent":1}

-- ==== paymentStatuses ====
-- SQLite
select distinct "Status" collate binary as "Status"
from "Payments";
-- T-SQL
select distinct "Status" collate Latin1_General_BIN2 as "Status"
from "Payments";
-- rows: 3
--   {"Status":"APROVADO "}
--   {"Status":"approved"}
--   {"Status":"rejected"}

-- ==== subscriptionStatuses ====
-- SQLite
select distinct "Status" collate binary as "Status"
from "Subscriptions";
-- T-SQL
select distinct "Status" collate Latin1_General_BIN2 as "Status"
from "Subscriptions";
-- rows: 2
--   {"Status":"authorized"}
--   {"Status":"paused"}

-- ==== withPayment ====
-- SQLite
select count(*) as "users"
from "AspNetUsers"
where "Id" in (select "UserId"
  from "Payments"
  where "Status" in (?, ?));
--   @1 = "approved"
--   @2 = "APROVADO "
-- T-SQL
select count(*) as "users"
from "AspNetUsers"
where "Id" in (select "UserId"
  from "Payments"
  where "Status" in (@1, @2));
--   @1 = "approved"
--   @2 = "APROVADO "
-- rows: 1
--   {"users":1}

-- ==== withSubscription ====
-- SQLite
select count(*) as "users"
from "AspNetUsers"
where "Id" in (select "UserId"
  from "Subscriptions"
  where "Status" in (?));
--   @1 = "authorized"
-- T-SQL
select count(*) as "users"
from "AspNetUsers"
where "Id" in (select "UserId"
  from "Subscriptions"
  where "Status" in (@1));
--   @1 = "authorized"
-- rows: 1
--   {"users":1}

-- ==== newest ====
-- SQLite
select "Id",
  "Name",
  "Email",
  cast("EmailConfirmed" as integer) as "confirmed",
  cast(round((julianday("CreatedAt") - 2440587.5) * 86400000.0) as integer) as "created"
from "AspNetUsers"
order by "CreatedAt" desc, "Id" collate binary desc limit ?;
--   @1 = 3
-- T-SQL
select top(3) "Id",
  "Name",
  "Email",
  cast("EmailConfirmed" as int) as "confirmed",
  datediff_big(millisecond, '1970-01-01', "CreatedAt") as "created"
from "AspNetUsers"
order by "CreatedAt" desc, "Id" collate Latin1_General_BIN2 desc;
-- rows: 3
--   {"Id":"b","Name":"Bia Lima","Email":"bia@example.com","confirmed":0,"created":1773576000001}
--   {"Id":"a","Name":"Ana Souza","Email":"ana@example.com","confirmed":1,"created":1770984000000}
--   {"Id":"d","Name":null,"Email":null,"confirmed":0,"created":null}

-- ==== totals, without CreatedAt ====
-- SQLite
select count(*) as "count",
  coalesce(sum(cast("EmailConfirmed" as integer)), 0) as "confirmed"
from "AspNetUsers";
-- T-SQL
select count(*) as "count",
  coalesce(sum(cast("EmailConfirmed" as int)), 0) as "confirmed"
from "AspNetUsers";
-- rows: 1
--   {"count":4,"confirmed":2}

-- ==== newest, without CreatedAt ====
-- SQLite
select "Id",
  "Name",
  "Email",
  cast("EmailConfirmed" as integer) as "confirmed"
from "AspNetUsers"
order by "Id" collate binary desc limit ?;
--   @1 = 3
-- T-SQL
select top(3) "Id",
  "Name",
  "Email",
  cast("EmailConfirmed" as int) as "confirmed"
from "AspNetUsers"
order by "Id" collate Latin1_General_BIN2 desc;
-- rows: 3
--   {"Id":"d","Name":null,"Email":null,"confirmed":0}
--   {"Id":"c","Name":null,"Email":null,"confirmed":1}
--   {"Id":"b","Name":"Bia Lima","Email":"bia@example.com","confirmed":0}
