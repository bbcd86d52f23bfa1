import { Database } from 'bun:sqlite';
import { encodeValues, type FigureValues } from '../../src/core/history/figure-values.ts';
import { openHistoryDatabase } from '../../src/core/history/history-database.ts';

/**
 * Writes points of many minutes into a file in one transaction: one commit a minute, as a server makes it, would take the
 * disk an hour for a quarter. A server may have the file open.
 *
 * @param minutes since 1970
 */
export function fillHistory(
  path: string,
  minutes: Iterable<number>,
  pointsAt: (minute: number) => readonly FigureValues[],
): void {
  openHistoryDatabase(path).close();
  const database = new Database(path);
  const insert = database.query('insert or replace into Points values (?, ?, ?, ?)');
  const idsByFeature = new Map<string, Ids>();
  database
    .transaction(() => {
      for (const minute of minutes) {
        for (const each of pointsAt(minute)) {
          const ids = idsByFeature.get(each.feature) ?? idsOf(database, each);
          idsByFeature.set(each.feature, ids);
          insert.run(ids.series, minute, ids.list, encodeValues(each.values));
        }
      }
    })
    .immediate();
  database.close();
}

interface Ids {
  readonly series: number;
  readonly list: number;
}

/** Of rows that are made where missing. */
function idsOf(database: Database, { feature, source, figures }: FigureValues): Ids {
  const paths = JSON.stringify(figures);
  database.query('insert or ignore into Series (feature, source) values (?, ?)').run(feature, source);
  database.query('insert or ignore into FigureLists (paths) values (?)').run(paths);
  const ids = database
    .query<Ids, string[]>(
      `select Series.id as series, FigureLists.id as list from Series, FigureLists
       where feature = ? and source = ? and paths = ?`,
    )
    .get(feature, source, paths);
  if (ids === null) throw new Error(`There is no series of ${feature}`);
  return ids;
}
