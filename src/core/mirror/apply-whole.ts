import type { Database } from 'bun:sqlite';
import type { Catalog, MirroredTable } from './catalog.ts';
import { storedColumns } from './door.ts';
import type { RawRow } from './mirror-writer.ts';
import { changeTables } from './rebuild.ts';
import { createStatement, type Duplicates, type MirrorShape, stageTarget, writeDuplicates } from './store-tables.ts';
import { createTableWriter } from './table-writer.ts';

/** All rows that a table has now, beside those that it had. */
export interface Stage {
  fill(rows: readonly RawRow[]): void;
  /** @returns the rows that were left out */
  finish(): Duplicates | null;
  drop(): void;
}

export function stageTable(database: Database, mirrored: MirroredTable, catalog: Catalog): Stage {
  const target = stageTarget(mirrored);
  const drop = () => database.run(`drop table if exists temp."${target.table}"`);
  drop();
  database.run(createStatement(mirrored, target));
  database.run(
    `create table if not exists temp."${target.unreadable}" ("table" text, "key" any, "column" text, "row" integer, primary key ("table", "column", "key")) strict, without rowid`,
  );
  database.query(`delete from temp."${target.unreadable}" where "table" = ?`).run(mirrored.table.name);
  const writer = createTableWriter(database, mirrored, catalog, target);
  return {
    fill: (rows) => {
      database.transaction(() => writer.fill(rows))();
    },
    finish: writer.finish,
    drop,
  };
}

/**
 * Makes a table equal to its stage, by the difference. To be called in a transaction.
 *
 * @returns how many rows were new, gone or differed
 */
export function applyWhole(database: Database, mirrored: MirroredTable, shape: MirrorShape, stage: Stage): number {
  const { name, key } = mirrored.table;
  const duplicates = stage.finish();
  const others = storedColumns(mirrored).filter((column) => column !== key);
  const differs = others.map((column) => `s."${column}" is not t."${column}"`).join(' or ') || 'false';
  const from = `temp."${stageTarget(mirrored).table}" as s`;
  const gone = `main."${name}" where not exists (select 1 from ${from} where s."${key}" = main."${name}"."${key}")`;
  const moved = `${from} left join main."${name}" as t on t."${key}" = s."${key}" where t."${key}" is null or ${differs}`;
  const count = (from: string) =>
    database.query<{ rows: number }, []>(`select count(*) as rows from ${from}`).get()?.rows ?? 0;
  const rows = count(gone) + count(moved);
  const change = () => {
    database.run(`delete from ${gone}`);
    const assign = others.map((column) => `"${column}" = excluded."${column}"`).join(', ');
    database.run(
      `insert into main."${name}" select s.* from ${moved} on conflict do ${assign === '' ? 'nothing' : `update set ${assign}`}`,
    );
  };
  if (rows > 0) changeTables(database, shape, rows, change);
  const noted = noteFindings(database, mirrored, duplicates);
  return rows + noted;
}

/** @returns 1 when what the door found differs from before */
function noteFindings(database: Database, mirrored: MirroredTable, duplicates: Duplicates | null): number {
  const table = mirrored.table.name;
  const { unreadable } = stageTarget(mirrored);
  const before = findings(database, table);
  database.query('delete from main."Unreadable" where "table" = ?').run(table);
  database
    .query(
      `insert into main."Unreadable" select "table", "key", "column", null from temp."${unreadable}" where "table" = ?`,
    )
    .run(table);
  database.query('delete from "Duplicates" where "table" = ?').run(table);
  writeDuplicates(database, table, duplicates);
  return findings(database, table) === before ? 0 : 1;
}

function findings(database: Database, table: string): string {
  const unreadable = database
    .query('select "column", count(*), min("key") from main."Unreadable" where "table" = ? group by "column"')
    .values(table);
  return JSON.stringify([unreadable, database.query('select * from "Duplicates" where "table" = ?').values(table)]);
}
