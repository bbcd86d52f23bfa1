-- ==== groups ====
-- SQLite
with "byPaymentId" as (select "PaymentId" as "key", min("Id" collate binary) as "paymentKey"
  from "Payments"
  where "PaymentId" in (select "ResourceId"
    from "Claims")
  group by "PaymentId"),
  "byExternalId" as (select "ExternalId" as "key", min("Id" collate binary) as "paymentKey"
  from "Payments"
  where "ExternalId" in (select "ResourceId"
    from "Claims")
  group by "ExternalId"),
  "matched" as (select "Claims"."Status", "Claims"."Type" collate binary as "Type", substr("Claims"."DataCreated", 1, 7) as "month", cast(round("Payments"."Amount" * 100) as integer) as "cents", max(0, cast(round((julianday(?) - julianday("Claims"."DataCreated")) * 86400000.0) as integer) / 86400000) as "daysOpen", case when ("Payments"."Id" is not null and row_number() over(partition by "Payments"."Id"
      order by "Claims"."Id") = ?) then 1 else 0 end as "firstOfPayment", cast(round((julianday("Claims"."UpdatedAt") - julianday("Claims"."DataCreated")) * 86400000.0) as integer) as "updatedAfter"
  from "Claims"
  left join "byPaymentId" on "byPaymentId"."key" = "Claims"."ResourceId"
  left join "byExternalId" on "byExternalId"."key" = "Claims"."ResourceId"
  left join "Payments" on "Payments"."Id" = coalesce("byPaymentId"."paymentKey", "byExternalId"."paymentKey"))
select "Status",
  "Type",
  "month",
  count(*) as "count",
  coalesce(sum("cents"), ?) as "cents",
  sum("firstOfPayment") as "payments",
  sum("daysOpen") as "daysOpen",
  sum(case when "daysOpen" > ? then 1 else 0 end) as "over30Days",
  count("updatedAfter") as "updated",
  sum("updatedAfter") as "updatedAfter"
from "matched"
group by "Status", "Type", "month";
--   @1 = "2026-03-15T12:00:00.000Z"
--   @2 = 1
--   @3 = 0
--   @4 = 30
-- T-SQL
with "byPaymentId" as (select "PaymentId" as "key", min("Id" collate Latin1_General_BIN2) collate database_default as "paymentKey"
  from "Payments"
  where "PaymentId" in (select "ResourceId"
    from "Claims")
  group by "PaymentId"),
  "byExternalId" as (select "ExternalId" as "key", min("Id" collate Latin1_General_BIN2) collate database_default as "paymentKey"
  from "Payments"
  where "ExternalId" in (select "ResourceId"
    from "Claims")
  group by "ExternalId"),
  "matched" as (select "Claims"."Status", "Claims"."Type" collate Latin1_General_BIN2 as "Type", convert(char(7), "Claims"."DataCreated", 126) as "month", cast(round("Payments"."Amount" * 100, 0) as bigint) as "cents", case when "Claims"."DataCreated" > @1 then 0 else datediff_big(millisecond, "Claims"."DataCreated", @2) / 86400000 end as "daysOpen", case when ("Payments"."Id" is not null and row_number() over(partition by "Payments"."Id"
      order by "Claims"."Id") = @3) then 1 else 0 end as "firstOfPayment", datediff_big(millisecond, "Claims"."DataCreated", "Claims"."UpdatedAt") as "updatedAfter"
  from "Claims"
  left join "byPaymentId" on "byPaymentId"."key" = "Claims"."ResourceId"
  left join "byExternalId" on "byExternalId"."key" = "Claims"."ResourceId"
  left join "Payments" on "Payments"."Id" = coalesce("byPaymentId"."paymentKey", "byExternalId"."paymentKey"))
select "Status",
  "Type",
  "month",
  count(*) as "count",
  coalesce(sum("cents"), @4) as "cents",
  sum("firstOfPayment") as "payments",
  sum("daysOpen") as "daysOpen",
  sum(case when "daysOpen" > @5 then 1 else 0 end) as "over30Days",
  count("updatedAfter") as "updated",
  sum("updatedAfter") as "updatedAfter"
from "matched"
group by "Status", "Type", "month";
--   @1 = datetime 2026-03-15T12:00:00.000Z
--   @2 = datetime 2026-03-15T12:00:00.000Z
--   @3 = 1
--   @4 = 0
--   @5 = 30
-- rows: 4
--   {"Status":0,"Type":"Mediations","month":"2026-03","count":1,"cents":2000,"payments":1,"daysOpen":14,"over30Days":0,"updated":0,"updatedAfter":null}
--   {"Status":1,"Type":"0","month":"2026-02","count":1,"cents":3000,"payments":1,"daysOpen":30,"over30Days":0,"updated":0,"updatedAfter":null}
--   {"Status":1,"Type":"0","month":"2026-03","count":1,"cents":1005,"payments":1,"daysOpen":0,"over30Days":0,"updated":0,"updatedAfter":null}
--   {"Status":3,"Type":"Return","month":"2025-12","count":1,"cents":0,"payments":0,"daysOpen":73,"over30Days":1,"updated":1,"updatedAfter":129600000}

-- ==== active ====
-- SQLite
with "byPaymentId" as (select "PaymentId" as "key", min("Id" collate binary) as "paymentKey"
  from "Payments"
  where "PaymentId" in (select "ResourceId"
    from "Claims")
  group by "PaymentId"),
  "byExternalId" as (select "ExternalId" as "key", min("Id" collate binary) as "paymentKey"
  from "Payments"
  where "ExternalId" in (select "ResourceId"
    from "Claims")
  group by "ExternalId")
select "Claims"."Id",
  "Claims"."MpClaimId",
  "Claims"."Type",
  "Claims"."Status",
  "Claims"."CurrentStage",
  cast(round((julianday("Claims"."DataCreated") - 2440587.5) * 86400000.0) as integer) as "created",
  coalesce(cast(round("Payments"."Amount" * 100) as integer), ?) as "cents",
  "AspNetUsers"."Name" as "userName",
  "AspNetUsers"."Email" as "userEmail"
from "Claims"
left join "byPaymentId" on "byPaymentId"."key" = "Claims"."ResourceId"
left join "byExternalId" on "byExternalId"."key" = "Claims"."ResourceId"
left join "Payments" on "Payments"."Id" = coalesce("byPaymentId"."paymentKey", "byExternalId"."paymentKey")
left join "AspNetUsers" on "AspNetUsers"."Id" = "Claims"."UserId"
where "Claims"."Status" in (?, ?, ?)
order by "Claims"."DataCreated" desc, "Claims"."Id" desc;
--   @1 = 0
--   @2 = 0
--   @3 = 1
--   @4 = 2
-- T-SQL
with "byPaymentId" as (select "PaymentId" as "key", min("Id" collate Latin1_General_BIN2) collate database_default as "paymentKey"
  from "Payments"
  where "PaymentId" in (select "ResourceId"
    from "Claims")
  group by "PaymentId"),
  "byExternalId" as (select "ExternalId" as "key", min("Id" collate Latin1_General_BIN2) collate database_default as "paymentKey"
  from "Payments"
  where "ExternalId" in (select "ResourceId"
    from "Claims")
  group by "ExternalId")
select "Claims"."Id",
  "Claims"."MpClaimId",
  "Claims"."Type",
  "Claims"."Status",
  "Claims"."CurrentStage",
  datediff_big(millisecond, '1970-01-01', "Claims"."DataCreated") as "created",
  coalesce(cast(round("Payments"."Amount" * 100, 0) as bigint), @1) as "cents",
  "AspNetUsers"."Name" as "userName",
  "AspNetUsers"."Email" as "userEmail"
from "Claims"
left join "byPaymentId" on "byPaymentId"."key" = "Claims"."ResourceId"
left join "byExternalId" on "byExternalId"."key" = "Claims"."ResourceId"
left join "Payments" on "Payments"."Id" = coalesce("byPaymentId"."paymentKey", "byExternalId"."paymentKey")
left join "AspNetUsers" on "AspNetUsers"."Id" = "Claims"."UserId"
where "Claims"."Status" in (@2, @3, @4)
order by "Claims"."DataCreated" desc, "Claims"."Id" desc;
--   @1 = 0
--   @2 = 0
--   @3 = 1
--   @4 = 2
-- rows: 3
--   {"Id":3,"MpClaimId":0,"Type":"0","Status":1,"CurrentStage":null,"created":1773576000001,"cents":1005,"userName":null,"userEmail":null}
--   {"Id":1,"MpClaimId":0,"Type":"Mediations","Status":0,"CurrentStage":null,"created":1772323200000,"cents":2000,"userName":"Ana Souza","userEmail":"ana@example.com"}
--   {"Id":2,"MpClaimId":0,"Type":"0","Status":1,"CurrentStage":"dispute","created":1770983999999,"cents":3000,"userName":null,"userEmail":null}

-- ==== payments ====
-- SQLite
select count(*) as "payments"
from "Payments";
-- T-SQL
select count(*) as "payments"
from "Payments";
-- rows: 1
--   {"payments":3}

-- ==== groups, without UpdatedAt ====
-- SQLite
with "byPaymentId" as (select "PaymentId" as "key", min("Id" collate binary) as "paymentKey"
  from "Payments"
  where "PaymentId" in (select "ResourceId"
    from "Claims")
  group by "PaymentId"),
  "byExternalId" as (select "ExternalId" as "key", min("Id" collate binary) as "paymentKey"
  from "Payments"
  where "ExternalId" in (select "ResourceId"
    from "Claims")
  group by "ExternalId"),
  "matched" as (select "Claims"."Status", "Claims"."Type" collate binary as "Type", substr("Claims"."DataCreated", 1, 7) as "month", cast(round("Payments"."Amount" * 100) as integer) as "cents", max(0, cast(round((julianday(?) - julianday("Claims"."DataCreated")) * 86400000.0) as integer) / 86400000) as "daysOpen", case when ("Payments"."Id" is not null and row_number() over(partition by "Payments"."Id"
      order by "Claims"."Id") = ?) then 1 else 0 end as "firstOfPayment"
  from "Claims"
  left join "byPaymentId" on "byPaymentId"."key" = "Claims"."ResourceId"
  left join "byExternalId" on "byExternalId"."key" = "Claims"."ResourceId"
  left join "Payments" on "Payments"."Id" = coalesce("byPaymentId"."paymentKey", "byExternalId"."paymentKey"))
select "Status",
  "Type",
  "month",
  count(*) as "count",
  coalesce(sum("cents"), ?) as "cents",
  sum("firstOfPayment") as "payments",
  sum("daysOpen") as "daysOpen",
  sum(case when "daysOpen" > ? then 1 else 0 end) as "over30Days"
from "matched"
group by "Status", "Type", "month";
--   @1 = "2026-03-15T12:00:00.000Z"
--   @2 = 1
--   @3 = 0
--   @4 = 30
-- T-SQL
with "byPaymentId" as (select "PaymentId" as "key", min("Id" collate Latin1_General_BIN2) collate database_default as "paymentKey"
  from "Payments"
  where "PaymentId" in (select "ResourceId"
    from "Claims")
  group by "PaymentId"),
  "byExternalId" as (select "ExternalId" as "key", min("Id" collate Latin1_General_BIN2) collate database_default as "paymentKey"
  from "Payments"
  where "ExternalId" in (select "ResourceId"
    from "Claims")
  group by "ExternalId"),
  "matched" as (select "Claims"."Status", "Claims"."Type" collate Latin1_General_BIN2 as "Type", convert(char(7), "Claims"."DataCreated", 126) as "month", cast(round("Payments"."Amount" * 100, 0) as bigint) as "cents", case when "Claims"."DataCreated" > @1 then 0 else datediff_big(millisecond, "Claims"."DataCreated", @2) / 86400000 end as "daysOpen", case when ("Payments"."Id" is not null and row_number() over(partition by "Payments"."Id"
      order by "Claims"."Id") = @3) then 1 else 0 end as "firstOfPayment"
  from "Claims"
  left join "byPaymentId" on "byPaymentId"."key" = "Claims"."ResourceId"
  left join "byExternalId" on "byExternalId"."key" = "Claims"."ResourceId"
  left join "Payments" on "Payments"."Id" = coalesce("byPaymentId"."paymentKey", "byExternalId"."paymentKey"))
select "Status",
  "Type",
  "month",
  count(*) as "count",
  coalesce(sum("cents"), @4) as "cents",
  sum("firstOfPayment") as "payments",
  sum("daysOpen") as "daysOpen",
  sum(case when "daysOpen" > @5 then 1 else 0 end) as "over30Days"
from "matched"
group by "Status", "Type", "month";
--   @1 = datetime 2026-03-15T12:00:00.000Z
--   @2 = datetime 2026-03-15T12:00:00.000Z
--   @3 = 1
--   @4 = 0
--   @5 = 30
-- rows: 4
--   {"Status":0,"Type":"Mediations","month":"2026-03","count":1,"cents":2000,"payments":1,"daysOpen":14,"over30Days":0}
--   {"Status":1,"Type":"0","month":"2026-02","count":1,"cents":3000,"payments":1,"daysOpen":30,"over30Days":0}
--   {"Status":1,"Type":"0","month":"2026-03","count":1,"cents":1005,"payments":1,"daysOpen":0,"over30Days":0}
--   {"Status":3,"Type":"Return","month":"2025-12","count":1,"cents":0,"payments":0,"daysOpen":73,"over30Days":1}
