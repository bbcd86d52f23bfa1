-- ==== categories ====
-- SQLite
select "FeatureCategoria" collate binary as "FeatureCategoria",
  count(*) as "count",
  sum("TamanhoBytes") as "bytes"
from "Files"
group by "FeatureCategoria" collate binary;
-- T-SQL
select "FeatureCategoria" collate Latin1_General_BIN2 as "FeatureCategoria",
  count(*) as "count",
  sum("TamanhoBytes") as "bytes"
from "Files"
group by "FeatureCategoria" collate Latin1_General_BIN2;
-- rows: 4
--   {"FeatureCategoria":" Videos","count":1,"bytes":2000}
--   {"FeatureCategoria":"","count":1,"bytes":1}
--   {"FeatureCategoria":"Videos","count":1,"bytes":2000}
--   {"FeatureCategoria":"videos","count":1,"bytes":2000}

-- ==== spellings ====
-- SQLite
select distinct "FeatureCategoria" collate binary as "FeatureCategoria"
from "Files";
-- T-SQL
select distinct "FeatureCategoria" collate Latin1_General_BIN2 as "FeatureCategoria"
from "Files";
-- rows: 4
--   {"FeatureCategoria":" Videos"}
--   {"FeatureCategoria":""}
--   {"FeatureCategoria":"Videos"}
--   {"FeatureCategoria":"videos"}

-- ==== largest ====
-- SQLite
select "Id",
  "NomeArquivo",
  "FeatureCategoria",
  "TamanhoBytes",
  cast(round((julianday("CriadoEm") - 2440587.5) * 86400000.0) as integer) as "created",
  cast(round((julianday("ModificadoEm") - 2440587.5) * 86400000.0) as integer) as "modified"
from "Files"
order by "TamanhoBytes" desc, "NomeArquivo" collate binary, "Id" limit ?;
--   @1 = 3
-- T-SQL
select top(3) "Id",
  "NomeArquivo",
  "FeatureCategoria",
  "TamanhoBytes",
  datediff_big(millisecond, '1970-01-01', "CriadoEm") as "created",
  datediff_big(millisecond, '1970-01-01', "ModificadoEm") as "modified"
from "Files"
order by "TamanhoBytes" desc, "NomeArquivo" collate Latin1_General_BIN2, "Id";
-- rows: 3
--   {"Id":3,"NomeArquivo":"B.png","FeatureCategoria":"videos","TamanhoBytes":2000,"created":1771027200000,"modified":null}
--   {"Id":2,"NomeArquivo":"a.mp4","FeatureCategoria":" Videos","TamanhoBytes":2000,"created":1771027199999,"modified":null}
--   {"Id":1,"NomeArquivo":"b.mp4","FeatureCategoria":"Videos","TamanhoBytes":2000,"created":1771027200000,"modified":1771027200000}

-- ==== largestOf ====
-- SQLite
select "Id",
  "NomeArquivo",
  "FeatureCategoria",
  "TamanhoBytes",
  cast(round((julianday("CriadoEm") - 2440587.5) * 86400000.0) as integer) as "created",
  cast(round((julianday("ModificadoEm") - 2440587.5) * 86400000.0) as integer) as "modified"
from "Files"
where "FeatureCategoria" collate binary in (?, ?)
order by "TamanhoBytes" desc, "NomeArquivo" collate binary, "Id" limit ?;
--   @1 = "Videos"
--   @2 = " Videos"
--   @3 = 3
-- T-SQL
select top(3) "Id",
  "NomeArquivo",
  "FeatureCategoria",
  "TamanhoBytes",
  datediff_big(millisecond, '1970-01-01', "CriadoEm") as "created",
  datediff_big(millisecond, '1970-01-01', "ModificadoEm") as "modified"
from "Files"
where "FeatureCategoria" collate Latin1_General_BIN2 in (@1, @2)
order by "TamanhoBytes" desc, "NomeArquivo" collate Latin1_General_BIN2, "Id";
--   @1 = "Videos"
--   @2 = " Videos"
-- rows: 2
--   {"Id":2,"NomeArquivo":"a.mp4","FeatureCategoria":" Videos","TamanhoBytes":2000,"created":1771027199999,"modified":null}
--   {"Id":1,"NomeArquivo":"b.mp4","FeatureCategoria":"Videos","TamanhoBytes":2000,"created":1771027200000,"modified":1771027200000}

-- ==== daysOfFiles ====
-- SQLite
select substr("CriadoEm", 1, 10) as "day",
  count(*) as "count",
  sum("TamanhoBytes") as "bytes"
from "Files"
where "CriadoEm" >= ?
group by substr("CriadoEm", 1, 10);
--   @1 = "2026-02-14T00:00:00.000Z"
-- T-SQL
select convert(char(10), "CriadoEm", 23) as "day",
  count(*) as "count",
  sum("TamanhoBytes") as "bytes"
from "Files"
where "CriadoEm" >= @1
group by convert(char(10), "CriadoEm", 23);
--   @1 = datetime 2026-02-14T00:00:00.000Z
-- rows: 1
--   {"day":"2026-02-14","count":2,"bytes":4000}

-- ==== largest, without CriadoEm and ModificadoEm ====
-- SQLite
select "Id",
  "NomeArquivo",
  "FeatureCategoria",
  "TamanhoBytes"
from "Files"
order by "TamanhoBytes" desc, "NomeArquivo" collate binary, "Id" limit ?;
--   @1 = 3
-- T-SQL
select top(3) "Id",
  "NomeArquivo",
  "FeatureCategoria",
  "TamanhoBytes"
from "Files"
order by "TamanhoBytes" desc, "NomeArquivo" collate Latin1_General_BIN2, "Id";
-- rows: 3
--   {"Id":3,"NomeArquivo":"B.png","FeatureCategoria":"videos","TamanhoBytes":2000}
--   {"Id":2,"NomeArquivo":"a.mp4","FeatureCategoria":" Videos","TamanhoBytes":2000}
--   {"Id":1,"NomeArquivo":"b.mp4","FeatureCategoria":"Videos","TamanhoBytes":2000}

-- ==== daysOfVideos ====
-- SQLite
with "firstVideos" as (select "FileId", min("UploadDate") as "uploaded"
  from "Videos"
  group by "FileId")
select substr("firstVideos"."uploaded", 1, 10) as "day",
  count(*) as "count",
  sum("Files"."TamanhoBytes") as "bytes"
from "Files"
inner join "firstVideos" on "firstVideos"."FileId" = "Files"."Id"
where "firstVideos"."uploaded" >= ?
group by substr("firstVideos"."uploaded", 1, 10);
--   @1 = "2026-02-14T00:00:00.000Z"
-- T-SQL
with "firstVideos" as (select "FileId", min("UploadDate") as "uploaded"
  from "Videos"
  group by "FileId")
select convert(char(10), "firstVideos"."uploaded", 23) as "day",
  count(*) as "count",
  sum("Files"."TamanhoBytes") as "bytes"
from "Files"
inner join "firstVideos" on "firstVideos"."FileId" = "Files"."Id"
where "firstVideos"."uploaded" >= @1
group by convert(char(10), "firstVideos"."uploaded", 23);
--   @1 = datetime 2026-02-14T00:00:00.000Z
-- rows: 1
--   {"day":"2026-02-28","count":1,"bytes":2000}
