-- ==== groups ====
-- SQLite
select "Status" collate binary as "Status",
  "Method" collate binary as "Method",
  count(*) as "count",
  sum(cast(round("Amount" * 100) as integer)) as "cents"
from "Payments"
group by "Status" collate binary, "Method" collate binary;
-- T-SQL
select "Status" collate Latin1_General_BIN2 as "Status",
  "Method" collate Latin1_General_BIN2 as "Method",
  count(*) as "count",
  sum(cast(round("Amount" * 100, 0) as bigint)) as "cents"
from "Payments"
group by "Status" collate Latin1_General_BIN2, "Method" collate Latin1_General_BIN2;
-- rows: 4
--   {"Status":" Aprovado","Method":"PIX","count":1,"cents":2010}
--   {"Status":"approved","Method":"boleto","count":1,"cents":9999}
--   {"Status":"approved","Method":"pix","count":2,"cents":1006}
--   {"Status":"pendente","Method":"boleto","count":1,"cents":500}

-- ==== customers ====
-- SQLite
select count(distinct "UserId") as "customers"
from "Payments";
-- T-SQL
select count(distinct "UserId") as "customers"
from "Payments";
-- rows: 1
--   {"customers":3}

-- ==== recent ====
-- SQLite
select coalesce(sum(case when ("CreatedAt" >= ? and "CreatedAt" < ?) then cast(round("Amount" * 100) as integer) else 0 end), 0) as "monthCents",
  coalesce(sum(cast(round("Amount" * 100) as integer)), 0) as "yearCents"
from "Payments"
where "Status" in (?, ?) and "CreatedAt" >= ? and "CreatedAt" < ?;
--   @1 = "2026-02-13T12:00:00.000Z"
--   @2 = "2026-03-15T12:00:00.001Z"
--   @3 = "approved"
--   @4 = " Aprovado"
--   @5 = "2025-03-15T12:00:00.000Z"
--   @6 = "2026-03-15T12:00:00.001Z"
-- T-SQL
select coalesce(sum(case when ("CreatedAt" >= @1 and "CreatedAt" < @2) then cast(round("Amount" * 100, 0) as bigint) else 0 end), 0) as "monthCents",
  coalesce(sum(cast(round("Amount" * 100, 0) as bigint)), 0) as "yearCents"
from "Payments"
where "Status" in (@3, @4) and "CreatedAt" >= @5 and "CreatedAt" < @6;
--   @1 = datetime 2026-02-13T12:00:00.000Z
--   @2 = datetime 2026-03-15T12:00:00.001Z
--   @3 = "approved"
--   @4 = " Aprovado"
--   @5 = datetime 2025-03-15T12:00:00.000Z
--   @6 = datetime 2026-03-15T12:00:00.001Z
-- rows: 1
--   {"monthCents":3015,"yearCents":3016}

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
