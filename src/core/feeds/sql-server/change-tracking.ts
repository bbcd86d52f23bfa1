import type { Clock } from '../../runtime/clock.ts';
import { type ChangeSink, SessionOutdatedError } from '../feed-source.ts';
import { MOST_CHANGED_ROWS, selectChanges, selectEverything } from './change-statements.ts';
import type { Connection } from './connection.ts';
import { type KeyedTable, rawRows } from './found-table.ts';
import type { Look } from './look.ts';
import { digest, readPosition, type TrackedPosition, writePosition } from './position.ts';
import { rawCell } from './raw-cells.ts';
import { createReplicaLag } from './replica-lag.ts';
import type { Chunk } from './requests.ts';
import { readTrackingState, type TableState, type TrackingState, trackingStateIn } from './tracking-state.ts';
import { POLL_MS, type Way } from './way.ts';

export interface TrackingOptions {
  readonly look: Look;
  /** Of the tables that are followed, then the names of those that are absent. */
  readonly paths: readonly string[];
  /** The state that the tables were found in, with their columns. */
  readonly found: TrackingState;
  readonly identity: string;
  readonly clock: Clock;
}

/**
 * Follows a database by SQL Server's Change Tracking. Nothing moved is one statement that reads no row; what moved is
 * one more request, in one transaction.
 */
export function changeTrackingWay(options: TrackingOptions): Way {
  const { look, paths, identity, found, clock } = options;
  const { tables, isSnapshotAllowed } = look;
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

    async poll(connection, text, sink, isAsked) {
      const position = trackedPosition(text);
      if (position === null) throw new SessionOutdatedError('The position is of another way to notice changes', true);
      const version = await poll(connection, position.version, sink, isAsked);
      return version === null ? null : at(version);
    },
  };
}

type Poll = (connection: Connection, since: number, sink: ChangeSink, isAsked: boolean) => Promise<number | null>;

/** @returns a function that reads the changes since a version into the sink and returns the new version; null if nothing changed */
function createPoll(options: TrackingOptions, isLagging: (isBehind: boolean) => boolean): Poll {
  const { tables, isSnapshotAllowed } = options.look;
  /** By table, the oldest version that was kept of it when it was last read whole. */
  const readWholeAt = new Map<string, number>();
  /** Tables that were emptied, or of which changes since the version are no longer kept. */
  const outOfReach = (state: TrackingState, since: number): Map<string, number> =>
    new Map(
      tables.flatMap(({ name }, index) => {
        const oldest = state.tables[index]?.oldest ?? 0;
        return oldest > since && oldest !== readWholeAt.get(name) ? [[name, oldest]] : [];
      }),
    );

  return async (connection, since, sink, isAsked) => {
    const state = await readTrackingState(connection, options.paths);
    if (isLagging(state.version !== null && state.version < since)) return null;
    const whole = outOfReach(state, since);
    if (checkState(state, since, options) === since && whole.size === 0 && !isAsked) return null;

    const names = new Set(whole.keys());
    const text = selectChanges(tables, options.paths, names, isSnapshotAllowed);
    const reader = createChangeReader(tables, names, sink, (read) => {
      const emptied = [...outOfReach(read, since).keys()].find((name) => !names.has(name));
      if (emptied !== undefined) throw new SessionOutdatedError(`${emptied} was emptied while it was read`, false);
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

/** Hands over the results of `selectChanges`. */
function createChangeReader(
  tables: readonly KeyedTable[],
  whole: ReadonlySet<string>,
  sink: ChangeSink,
  check: (state: TrackingState) => number,
): ChangeReader {
  let parts: { readonly table: KeyedTable; readonly isWhole: boolean }[] = [];
  let version = 0;
  let announced = -1;
  const begin = (state: TrackingState) => {
    version = check(state);
    parts = tables.flatMap((table, index) => {
      const moved = state.tables[index]?.moved ?? 0;
      const isWhole = whole.has(table.name) || moved > MOST_CHANGED_ROWS;
      return isWhole || moved > 0 ? [{ table, isWhole }] : [];
    });
  };
  return {
    async take(chunk) {
      const { result, columns, rows } = chunk;
      if (result === 0) return begin(trackingStateIn(rows[0] ?? [], ''));
      const part = parts[result - 1];
      if (part === undefined) return;
      const { table, isWhole } = part;
      if (!isWhole) return handOverMoved(table, chunk, sink);
      if (announced < result) await sink.whole(table.name);
      announced = result;
      if (rows.length > 0) await sink.rows(table.name, rawRows(table, columns, rows));
    },
    get version() {
      return version;
    },
    get hasRead() {
      return parts.length > 0;
    },
  };
}

/** The key of what moved comes first; a row that has no key of its own is not there any more. */
async function handOverMoved(table: KeyedTable, { columns, rows }: Chunk, sink: ChangeSink): Promise<void> {
  const ownKey = 1 + table.columns.findIndex(({ quoted }) => quoted === table.key);
  const gone = rows.filter((row) => row[ownKey] === null);
  const there = rows.filter((row) => row[ownKey] !== null);
  const keyColumn = columns[0] ?? { isTime: false };
  if (gone.length > 0) {
    await sink.deleted(
      table.name,
      gone.map(([key]) => rawCell(key, keyColumn)),
    );
  }
  if (there.length > 0) await sink.rows(table.name, rawRows(table, columns, there, 1));
}

/**
 * @param since the version of the mirror's rows; null if they are about to be read
 * @returns the version of the newest change
 * @throws SessionOutdatedError where the database can no longer be followed as it was found
 */
function checkState(state: TrackingState, since: number | null, { look, found, identity }: TrackingOptions): number {
  if (state.version === null)
    throw new SessionOutdatedError('Change Tracking was switched off for this database', false);
  const isAnother = state.identity !== '' && state.identity !== identity;
  if (isAnother || (since !== null && state.version < since)) {
    throw new SessionOutdatedError(
      'Another database, or an earlier state of it, is in the place of the one before',
      true,
    );
  }
  for (const [index, { name }] of look.tables.entries()) checkTable(name, state.tables[index], found.tables[index]);
  for (const [index, name] of look.absent.entries()) {
    const place = look.tables.length + index;
    if (state.tables[place]?.id !== found.tables[place]?.id) {
      throw new SessionOutdatedError(`The table ${name} came or went`, false);
    }
  }
  return state.version;
}

function checkTable(name: string, now: TableState | undefined, found: TableState | undefined): void {
  if (now === undefined || now.id === '') {
    throw new SessionOutdatedError(`The table ${name} is gone, or the login may no longer see it`, false);
  }
  if (now.id !== found?.id) throw new SessionOutdatedError(`The table ${name} was made anew`, true);
  if (now.oldest === null) {
    throw new SessionOutdatedError(
      `Change Tracking was switched off for ${name}, or may no longer be looked at`,
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
