-- ==== statuses ====
-- SQLite
select "Status" collate binary as "Status",
  count(*) as "count"
from "Payments"
group by "Status" collate binary;
-- T-SQL
select "Status" collate Latin1_General_BIN2 as "Status",
  count(*) as "count"
from "Payments"
group by "Status" collate Latin1_General_BIN2;
-- rows: 3
--   {"Status":" Aprovado","count":1}
--   {"Status":"approved","count":3}
--   {"Status":"pendente","count":1}

-- ==== customers ====
-- SQLite
select count(distinct "UserId") as "customers"
from "Payments";
-- T-SQL
select count(distinct "UserId") as "customers"
from "Payments";
-- rows: 1
--   {"customers":3}

-- ==== methods ====
-- SQLite
select "Method" collate binary as "Method",
  count(*) as "count",
  sum(cast(round("Amount" * 100) as integer)) as "cents",
  sum(case when ("CreatedAt" >= ? and "CreatedAt" < ?) then cast(round("Amount" * 100) as integer) else 0 end) as "monthCents",
  sum(case when ("CreatedAt" >= ? and "CreatedAt" < ?) then cast(round("Amount" * 100) as integer) else 0 end) as "yearCents"
from "Payments"
where "Status" in (?, ?)
group by "Method" collate binary;
--   @1 = "2026-02-13T12:00:00.000Z"
--   @2 = "2026-03-15T12:00:00.001Z"
--   @3 = "2025-03-15T12:00:00.000Z"
--   @4 = "2026-03-15T12:00:00.001Z"
--   @5 = "approved"
--   @6 = " Aprovado"
-- T-SQL
select "Method" collate Latin1_General_BIN2 as "Method",
  count(*) as "count",
  sum(cast(round("Amount" * 100, 0) as bigint)) as "cents",
  sum(case when ("CreatedAt" >= @1 and "CreatedAt" < @2) then cast(round("Amount" * 100, 0) as bigint) else 0 end) as "monthCents",
  sum(case when ("CreatedAt" >= @3 and "CreatedAt" < @4) then cast(round("Amount" * 100, 0) as bigint) else 0 end) as "yearCents"
from "Payments"
where "Status" in (@5, @6)
group by "Method" collate Latin1_General_BIN2;
--   @1 = datetime 2026-02-13T12:00:00.000Z
--   @2 = datetime 2026-03-15T12:00:00.001Z
--   @3 = datetime 2025-03-15T12:00:00.000Z
--   @4 = datetime 2026-03-15T12:00:00.001Z
--   @5 = "approved"
--   @6 = " Aprovado"
-- rows: 3
--   {"Method":"PIX","count":1,"cents":2010,"monthCents":2010,"yearCents":2010}
--   {"Method":"boleto","count":1,"cents":9999,"monthCents":0,"yearCents":0}
--   {"Method":"pix","count":2,"cents":1006,"monthCents":1005,"yearCents":1006}

-- ==== days ====
-- SQLite
select substr("CreatedAt", 1, 10) as "day",
  count(*) as "count",
  sum(cast(round("Amount" * 100) as integer)) as "cents"
from "Payments"
where "CreatedAt" >= ? and "Status" in (?, ?)
group by substr("CreatedAt", 1, 10);
--   @1 = "2026-02-13T00:00:00.000Z"
--   @2 = "approved"
--   @3 = " Aprovado"
-- T-SQL
select convert(char(10), "CreatedAt", 23) as "day",
  count(*) as "count",
  sum(cast(round("Amount" * 100, 0) as bigint)) as "cents"
from "Payments"
where "CreatedAt" >= @1 and "Status" in (@2, @3)
group by convert(char(10), "CreatedAt", 23);
--   @1 = datetime 2026-02-13T00:00:00.000Z
--   @2 = "approved"
--   @3 = " Aprovado"
-- rows: 2
--   {"day":"2026-02-13","count":1,"cents":2010}
--   {"day":"2026-03-15","count":1,"cents":1005}

-- ==== chargebacks ====
-- SQLite
select "Status",
  count(*) as "count",
  sum(cast(round("Amount" * 100) as integer)) as "cents"
from "Chargebacks"
group by "Status";
-- T-SQL
select "Status",
  count(*) as "count",
  sum(cast(round("Amount" * 100, 0) as bigint)) as "cents"
from "Chargebacks"
group by "Status";
-- rows: 2
--   {"Status":3,"count":2,"cents":1244}
--   {"Status":9,"count":1,"cents":20}
