import type { Clock } from '../../runtime/clock.ts';
import { type ChangeSink, SessionOutdatedError } from '../feed-source.ts';
import { type ChangeDetection, POLL_MS } from './change-detection.ts';
import { MOST_CHANGED_ROWS, selectChanges, selectEverything } from './change-statements.ts';
import type { Connection } from './connection.ts';
import type { FoundDatabase } from './found-database.ts';
import { type KeyedTable, rawRows } from './found-table.ts';
import { digest, readPosition, type TrackedPosition, writePosition } from './position.ts';
import { rawCell } from './raw-cells.ts';
import { createReplicaLag } from './replica-lag.ts';
import type { Chunk } from './requests.ts';
import { readTrackingState, type TableState, type TrackingState, trackingStateIn } from './tracking-state.ts';

export interface TrackingOptions {
  readonly database: FoundDatabase;
  /** Of the followed tables, then the names of the missing ones. */
  readonly paths: readonly string[];
  /** The state of the tables when the session was opened, with their columns. */
  readonly found: TrackingState;
  readonly identity: string;
  readonly clock: Clock;
}

/**
 * Follows a database with SQL Server's Change Tracking. A poll is one statement that reads no rows; changes take one more
 * request, in one transaction.
 */
export function detectByChangeTracking(options: TrackingOptions): ChangeDetection {
  const { database, paths, identity, found, clock } = options;
  const { tables, isSnapshotAllowed } = database;
  const schema = digest(found.tables.map(({ id, columns }) => `${id}:${columns}`).join(' '));
  const at = (version: number): string => writePosition({ mode: 'change-tracking', identity, schema, version });
  const poll = createPoll(options, createReplicaLag(clock, identity));

  return {
    mode: 'change-tracking',
    reason: null,
    pauseMs: POLL_MS,

    async canFollow(connection, text) {
      const position = trackedPosition(text);
      if (position?.identity !== identity || position.schema !== schema) return false;
      const { version } = await readTrackingState(connection, paths);
      return version !== null && version >= position.version;
    },

    async load(connection, sink, began) {
      const text = selectEverything(tables, paths, isSnapshotAllowed);
      await connection.stream({ text }, async ({ result, columns, rows }) => {
        if (result === 0) {
          const state = trackingStateIn(rows[0] ?? [], identity);
          began(at(checkState(state, null, options)));
          return;
        }
        const table = tables[result - 1];
        if (table !== undefined && rows.length > 0) await sink.rows(table.name, rawRows(table, columns, rows));
      });
    },

    async poll(connection, text, sink, mustCatchUp) {
      const position = trackedPosition(text);
      if (position === null) throw new SessionOutdatedError('The position was written in another feed mode', true);
      const version = await poll(connection, position.version, sink, mustCatchUp);
      return version === null ? null : at(version);
    },
  };
}

type Poll = (connection: Connection, since: number, sink: ChangeSink, mustCatchUp: boolean) => Promise<number | null>;

/** @returns a function that reads the changes since a version; it returns the new version, or null if nothing changed */
function createPoll(options: TrackingOptions, isLagging: (isBehind: boolean) => boolean): Poll {
  const { tables, isSnapshotAllowed } = options.database;
  /** By table, its oldest kept version when it was last read whole. */
  const readWholeAt = new Map<string, number>();
  /** Tables that were truncated, or whose changes since the version are no longer kept. */
  const tablesToReload = (state: TrackingState, since: number): Map<string, number> =>
    new Map(
      tables.flatMap(({ name }, index) => {
        const oldest = state.tables[index]?.oldest ?? 0;
        return oldest > since && oldest !== readWholeAt.get(name) ? [[name, oldest]] : [];
      }),
    );

  return async (connection, since, sink, mustCatchUp) => {
    const state = await readTrackingState(connection, options.paths);
    if (isLagging(state.version !== null && state.version < since)) return null;
    const whole = tablesToReload(state, since);
    if (checkState(state, since, options) === since && whole.size === 0 && !mustCatchUp) return null;

    const names = new Set(whole.keys());
    const text = selectChanges(tables, options.paths, names, isSnapshotAllowed);
    const reader = createChangeReader(tables, names, sink, (read) => {
      const truncated = [...tablesToReload(read, since).keys()].find((name) => !names.has(name));
      if (truncated !== undefined)
        throw new SessionOutdatedError(`${truncated} was truncated while it was read`, false);
      return checkState(read, since, options);
    });
    await connection.stream({ text, parameters: { since } }, reader.take);
    for (const [name, oldest] of whole) readWholeAt.set(name, oldest);
    return reader.version === since && !reader.hasRead ? null : reader.version;
  };
}

interface ChangeReader {
  take(chunk: Chunk): Promise<void>;
  readonly version: number;
  /** Whether the sink received anything. */
  readonly hasRead: boolean;
}

/** Passes the results of `selectChanges` to the sink. */
function createChangeReader(
  tables: readonly KeyedTable[],
  whole: ReadonlySet<string>,
  sink: ChangeSink,
  check: (state: TrackingState) => number,
): ChangeReader {
  let results: { readonly table: KeyedTable; readonly isWhole: boolean }[] = [];
  let version = 0;
  let announced = -1;
  const begin = (state: TrackingState) => {
    version = check(state);
    results = tables.flatMap((table, index) => {
      const changed = state.tables[index]?.changed ?? 0;
      const isWhole = whole.has(table.name) || changed > MOST_CHANGED_ROWS;
      return isWhole || changed > 0 ? [{ table, isWhole }] : [];
    });
  };
  return {
    async take(chunk) {
      const { result, columns, rows } = chunk;
      if (result === 0) return begin(trackingStateIn(rows[0] ?? [], ''));
      const changed = results[result - 1];
      if (changed === undefined) return;
      const { table, isWhole } = changed;
      if (!isWhole) return writeChanged(table, chunk, sink);
      if (announced < result) await sink.whole(table.name);
      announced = result;
      if (rows.length > 0) await sink.rows(table.name, rawRows(table, columns, rows));
    },
    get version() {
      return version;
    },
    get hasRead() {
      return results.length > 0;
    },
  };
}

/** The first column is the key of the changed row. If the row's own key is null, the row was deleted. */
async function writeChanged(table: KeyedTable, { columns, rows }: Chunk, sink: ChangeSink): Promise<void> {
  const ownKey = 1 + table.columns.findIndex(({ quoted }) => quoted === table.key);
  const deleted = rows.filter((row) => row[ownKey] === null);
  const present = rows.filter((row) => row[ownKey] !== null);
  const keyColumn = columns[0] ?? { isTime: false };
  if (deleted.length > 0) {
    await sink.deleted(
      table.name,
      deleted.map(([key]) => rawCell(key, keyColumn)),
    );
  }
  if (present.length > 0) await sink.rows(table.name, rawRows(table, columns, present, 1));
}

/**
 * @param since the version of the mirror's rows; null before a load
 * @returns the version of the newest change
 * @throws SessionOutdatedError if the database changed so that the session is no longer valid
 */
function checkState(
  state: TrackingState,
  since: number | null,
  { database, found, identity }: TrackingOptions,
): number {
  if (state.version === null)
    throw new SessionOutdatedError('Change Tracking was switched off for this database', false);
  const isAnother = state.identity !== '' && state.identity !== identity;
  if (isAnother || (since !== null && state.version < since)) {
    throw new SessionOutdatedError('The database was replaced, or restored to an earlier state', true);
  }
  for (const [index, { name }] of database.tables.entries()) checkTable(name, state.tables[index], found.tables[index]);
  for (const [index, name] of database.absent.entries()) {
    const place = database.tables.length + index;
    if (state.tables[place]?.id !== found.tables[place]?.id) {
      throw new SessionOutdatedError(`The table ${name} was created or dropped`, false);
    }
  }
  return state.version;
}

function checkTable(name: string, now: TableState | undefined, found: TableState | undefined): void {
  if (now === undefined || now.id === '') {
    throw new SessionOutdatedError(`The table ${name} was dropped, or the login may no longer see it`, false);
  }
  if (now.id !== found?.id) throw new SessionOutdatedError(`The table ${name} was recreated`, true);
  if (now.oldest === null) {
    throw new SessionOutdatedError(
      `Change Tracking was switched off for ${name}, or the login may no longer read it`,
      false,
    );
  }
  if (now.columns !== '' && now.columns !== found.columns) {
    throw new SessionOutdatedError(`The columns of ${name} have changed`, true);
  }
}

function trackedPosition(text: string): TrackedPosition | null {
  const position = readPosition(text);
  return position?.mode === 'change-tracking' ? position : null;
}
