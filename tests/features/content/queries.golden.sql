-- ==== courses ====
-- SQLite
select "Id",
  "Name",
  cast("IsActive" as integer) as "isActive"
from "Courses"
order by "Id";
-- T-SQL
select "Id",
  "Name",
  cast("IsActive" as int) as "isActive"
from "Courses"
order by "Id";
-- rows: 2
--   {"Id":1,"Name":"Álgebra","isActive":1}
--   {"Id":2,"Name":"Biologia","isActive":0}

-- ==== videos ====
-- SQLite
select "CourseId",
  "Status",
  count(*) as "count",
  sum(((cast(substr("Duration", 1, 2) as integer) * 60 + cast(substr("Duration", 4, 2) as integer)) * 60000 + cast(round(cast(substr("Duration", 7) as real) * 1000) as integer))) as "duration"
from "Videos"
group by "CourseId", "Status";
-- T-SQL
select "CourseId",
  "Status",
  count(*) as "count",
  sum(datediff_big(millisecond, '00:00:00', "Duration")) as "duration"
from "Videos"
group by "CourseId", "Status";
-- rows: 3
--   {"CourseId":1,"Status":1,"count":2,"duration":4200500}
--   {"CourseId":2,"Status":0,"count":1,"duration":1001}
--   {"CourseId":9,"Status":2,"count":1,"duration":86399999}

-- ==== courses, without IsActive ====
-- SQLite
select "Id",
  "Name"
from "Courses"
order by "Id";
-- T-SQL
select "Id",
  "Name"
from "Courses"
order by "Id";
-- rows: 2
--   {"Id":1,"Name":"Álgebra"}
--   {"Id":2,"Name":"Biologia"}
