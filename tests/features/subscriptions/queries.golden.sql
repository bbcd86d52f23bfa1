-- ==== groups ====
-- SQLite
select "Status" collate binary as "Status",
  "PlanId",
  count(*) as "count",
  sum(case when ("CurrentPeriodEndDate" >= ? and "CurrentPeriodEndDate" < ?) then 1 else 0 end) as "ending",
  sum(case when "CreatedAt" < ? then 1 else 0 end) as "createdBefore",
  sum(case when ("CreatedAt" < ? and "UpdatedAt" >= ?) then 1 else 0 end) as "updatedSince",
  sum(cast("CurrentAmount" as bigint)) as "reais"
from "Subscriptions"
group by "Status" collate binary, "PlanId";
--   @1 = "2026-03-15T12:00:00.000Z"
--   @2 = "2026-03-22T12:00:00.001Z"
--   @3 = "2026-02-13T12:00:00.001Z"
--   @4 = "2026-02-13T12:00:00.001Z"
--   @5 = "2026-02-13T12:00:00.001Z"
-- T-SQL
select "Status" collate Latin1_General_BIN2 as "Status",
  "PlanId",
  count(*) as "count",
  sum(case when ("CurrentPeriodEndDate" >= @1 and "CurrentPeriodEndDate" < @2) then 1 else 0 end) as "ending",
  sum(case when "CreatedAt" < @3 then 1 else 0 end) as "createdBefore",
  sum(case when ("CreatedAt" < @4 and "UpdatedAt" >= @5) then 1 else 0 end) as "updatedSince",
  sum(cast("CurrentAmount" as bigint)) as "reais"
from "Subscriptions"
group by "Status" collate Latin1_General_BIN2, "PlanId";
--   @1 = datetime 2026-03-15T12:00:00.000Z
--   @2 = datetime 2026-03-22T12:00:00.001Z
--   @3 = datetime 2026-02-13T12:00:00.001Z
--   @4 = datetime 2026-02-13T12:00:00.001Z
--   @5 = datetime 2026-02-13T12:00:00.001Z
-- rows: 4
--   {"Status":"Active","PlanId":2,"count":1,"ending":0,"createdBefore":1,"updatedSince":0,"reais":10}
--   {"Status":"authorized","PlanId":1,"count":2,"ending":1,"createdBefore":2,"updatedSince":0,"reais":50}
--   {"Status":"authorized","PlanId":3,"count":1,"ending":0,"createdBefore":0,"updatedSince":0,"reais":30}
--   {"Status":"cancelled","PlanId":1,"count":2,"ending":0,"createdBefore":2,"updatedSince":1,"reais":0}

-- ==== plans ====
-- SQLite
select "Id",
  "Name",
  cast(round("TransactionAmount" * 100) as integer) as "cents",
  "FrequencyInterval",
  "FrequencyType"
from "Plans"
order by "Id";
-- T-SQL
select "Id",
  "Name",
  cast(round("TransactionAmount" * 100, 0) as bigint) as "cents",
  "FrequencyInterval",
  "FrequencyType"
from "Plans"
order by "Id";
-- rows: 2
--   {"Id":1,"Name":"Mensal","cents":4990,"FrequencyInterval":1,"FrequencyType":"Months"}
--   {"Id":2,"Name":"Semanal","cents":1000,"FrequencyInterval":7,"FrequencyType":" days"}

-- ==== newest ====
-- SQLite
select "Subscriptions"."Id",
  "Subscriptions"."UserId",
  "Subscriptions"."Status",
  cast(round((julianday("Subscriptions"."CurrentPeriodEndDate") - 2440587.5) * 86400000.0) as integer) as "periodEnd",
  cast(round("Plans"."TransactionAmount" * 100) as integer) as "planCents",
  "Plans"."Name" as "planName",
  "AspNetUsers"."Name" as "userName",
  "AspNetUsers"."Email" as "userEmail",
  "Subscriptions"."CurrentAmount" as "reais"
from "Subscriptions"
left join "Plans" on "Plans"."Id" = "Subscriptions"."PlanId"
left join "AspNetUsers" on "AspNetUsers"."Id" = "Subscriptions"."UserId"
order by "Subscriptions"."CreatedAt" desc, "Subscriptions"."Id" collate binary desc limit ?;
--   @1 = 3
-- T-SQL
select top(3) "Subscriptions"."Id",
  "Subscriptions"."UserId",
  "Subscriptions"."Status",
  datediff_big(millisecond, '1970-01-01', "Subscriptions"."CurrentPeriodEndDate") as "periodEnd",
  cast(round("Plans"."TransactionAmount" * 100, 0) as bigint) as "planCents",
  "Plans"."Name" as "planName",
  "AspNetUsers"."Name" as "userName",
  "AspNetUsers"."Email" as "userEmail",
  "Subscriptions"."CurrentAmount" as "reais"
from "Subscriptions"
left join "Plans" on "Plans"."Id" = "Subscriptions"."PlanId"
left join "AspNetUsers" on "AspNetUsers"."Id" = "Subscriptions"."UserId"
order by "Subscriptions"."CreatedAt" desc, "Subscriptions"."Id" collate Latin1_General_BIN2 desc;
-- rows: 3
--   {"Id":"c","UserId":"bia","Status":"authorized","periodEnd":1767225600000,"planCents":null,"planName":null,"userName":null,"userEmail":null,"reais":30}
--   {"Id":"e","UserId":"bia","Status":"cancelled","periodEnd":1767225600000,"planCents":4990,"planName":"Mensal","userName":null,"userEmail":null,"reais":0}
--   {"Id":"d","UserId":"bia","Status":"cancelled","periodEnd":1767225600000,"planCents":4990,"planName":"Mensal","userName":null,"userEmail":null,"reais":0}

-- ==== groups, without CurrentAmount ====
-- SQLite
select "Status" collate binary as "Status",
  "PlanId",
  count(*) as "count",
  sum(case when ("CurrentPeriodEndDate" >= ? and "CurrentPeriodEndDate" < ?) then 1 else 0 end) as "ending",
  sum(case when "CreatedAt" < ? then 1 else 0 end) as "createdBefore",
  sum(case when ("CreatedAt" < ? and "UpdatedAt" >= ?) then 1 else 0 end) as "updatedSince"
from "Subscriptions"
group by "Status" collate binary, "PlanId";
--   @1 = "2026-03-15T12:00:00.000Z"
--   @2 = "2026-03-22T12:00:00.001Z"
--   @3 = "2026-02-13T12:00:00.001Z"
--   @4 = "2026-02-13T12:00:00.001Z"
--   @5 = "2026-02-13T12:00:00.001Z"
-- T-SQL
select "Status" collate Latin1_General_BIN2 as "Status",
  "PlanId",
  count(*) as "count",
  sum(case when ("CurrentPeriodEndDate" >= @1 and "CurrentPeriodEndDate" < @2) then 1 else 0 end) as "ending",
  sum(case when "CreatedAt" < @3 then 1 else 0 end) as "createdBefore",
  sum(case when ("CreatedAt" < @4 and "UpdatedAt" >= @5) then 1 else 0 end) as "updatedSince"
from "Subscriptions"
group by "Status" collate Latin1_General_BIN2, "PlanId";
--   @1 = datetime 2026-03-15T12:00:00.000Z
--   @2 = datetime 2026-03-22T12:00:00.001Z
--   @3 = datetime 2026-02-13T12:00:00.001Z
--   @4 = datetime 2026-02-13T12:00:00.001Z
--   @5 = datetime 2026-02-13T12:00:00.001Z
-- rows: 4
--   {"Status":"Active","PlanId":2,"count":1,"ending":0,"createdBefore":1,"updatedSince":0}
--   {"Status":"authorized","PlanId":1,"count":2,"ending":1,"createdBefore":2,"updatedSince":0}
--   {"Status":"authorized","PlanId":3,"count":1,"ending":0,"createdBefore":0,"updatedSince":0}
--   {"Status":"cancelled","PlanId":1,"count":2,"ending":0,"createdBefore":2,"updatedSince":1}

-- ==== newest, without CurrentAmount ====
-- SQLite
select "Subscriptions"."Id",
  "Subscriptions"."UserId",
  "Subscriptions"."Status",
  cast(round((julianday("Subscriptions"."CurrentPeriodEndDate") - 2440587.5) * 86400000.0) as integer) as "periodEnd",
  cast(round("Plans"."TransactionAmount" * 100) as integer) as "planCents",
  "Plans"."Name" as "planName",
  "AspNetUsers"."Name" as "userName",
  "AspNetUsers"."Email" as "userEmail"
from "Subscriptions"
left join "Plans" on "Plans"."Id" = "Subscriptions"."PlanId"
left join "AspNetUsers" on "AspNetUsers"."Id" = "Subscriptions"."UserId"
order by "Subscriptions"."CreatedAt" desc, "Subscriptions"."Id" collate binary desc limit ?;
--   @1 = 3
-- T-SQL
select top(3) "Subscriptions"."Id",
  "Subscriptions"."UserId",
  "Subscriptions"."Status",
  datediff_big(millisecond, '1970-01-01', "Subscriptions"."CurrentPeriodEndDate") as "periodEnd",
  cast(round("Plans"."TransactionAmount" * 100, 0) as bigint) as "planCents",
  "Plans"."Name" as "planName",
  "AspNetUsers"."Name" as "userName",
  "AspNetUsers"."Email" as "userEmail"
from "Subscriptions"
left join "Plans" on "Plans"."Id" = "Subscriptions"."PlanId"
left join "AspNetUsers" on "AspNetUsers"."Id" = "Subscriptions"."UserId"
order by "Subscriptions"."CreatedAt" desc, "Subscriptions"."Id" collate Latin1_General_BIN2 desc;
-- rows: 3
--   {"Id":"c","UserId":"bia","Status":"authorized","periodEnd":1767225600000,"planCents":null,"planName":null,"userName":null,"userEmail":null}
--   {"Id":"e","UserId":"bia","Status":"cancelled","periodEnd":1767225600000,"planCents":4990,"planName":"Mensal","userName":null,"userEmail":null}
--   {"Id":"d","UserId":"bia","Status":"cancelled","periodEnd":1767225600000,"planCents":4990,"planName":"Mensal","userName":null,"userEmail":null}
