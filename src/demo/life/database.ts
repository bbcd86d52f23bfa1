import { sqlTables } from '../../company/tables.ts';
import type { SqliteConnection } from '../../core/feeds/folder/sqlite-connection.ts';
import type { SqliteStore } from '../../core/feeds/folder/sqlite-store.ts';
import { findTables } from '../../core/feeds/folder/sqlite-tables.ts';
import type { LifeColumns, LifeDatabase } from './change.ts';

const everyColumn = sqlTables.map((table) => ({ table, columns: Object.keys(table.columns) }));

/** Gives the changes access to the tables of a store. */
export function createLifeDatabase(store: SqliteStore): LifeDatabase {
  let known: { readonly connection: SqliteConnection; readonly schema: string; readonly columns: LifeColumns } | null =
    null;
  return {
    columns() {
      const connection = store.connection();
      if (connection === null) return NO_COLUMNS;
      const schema = schemaOf(connection);
      if (known?.connection !== connection || known.schema !== schema) {
        known = { connection, schema, columns: columnsOf(connection) };
      }
      return known.columns;
    },
    write: (statements) =>
      store.write((database) => {
        for (const { sql, parameters } of statements) database.query(sql).run(...parameters);
      }),
    userFrom(key) {
      const found = store
        .connection()
        ?.database.query<{ Id: unknown }, [string]>('select Id from main.AspNetUsers where Id >= ? order by Id limit 1')
        .get(key);
      return typeof found?.Id === 'string' ? found.Id : undefined;
    },
  };
}

const NO_COLUMNS: LifeColumns = { has: () => false };

/** Rows are chosen by rowid, which views lack. */
function columnsOf({ database }: SqliteConnection): LifeColumns {
  const found = findTables(database, everyColumn).filter(({ rowid }) => rowid === 'rowid');
  const names = new Set(
    found.flatMap(({ mirrored, columns }) =>
      mirrored.columns.flatMap((column, index) =>
        columns[index] === null ? [] : [`${mirrored.table.name}.${column}`],
      ),
    ),
  );
  return { has: (table, column) => names.has(`${table}.${column}`) };
}

function schemaOf({ database }: SqliteConnection): string {
  return String(database.query('pragma main.schema_version').values()[0]?.[0]);
}
