import { type MirroredTable, presentColumns } from '../../mirror/catalog.ts';
import type { TableChecksum } from '../../mirror/checksum.ts';
import { throwIfAborted } from '../../runtime/with-signal.ts';
import { type ChangeSink, type FeedSession, type RowSink, SessionOutdatedError } from '../feed-source.ts';
import { checksumRows } from './checksum-rows.ts';
import { writeAll, writeChanged, writeLogged } from './hand-over.ts';
import { formatPosition, type Position, parsePosition, positionOf } from './position.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { openSchema, type SqliteSchema } from './sqlite-schema.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { readTable } from './table-reader.ts';
import { waitForChange } from './wait-for-change.ts';

export interface SqliteSessionOptions {
  readonly store: SqliteStore;
  readonly tables: readonly MirroredTable[];
  /** Called for each view that cannot be read; it counts as missing. */
  readonly warn: (text: string) => void;
}

/** The shared state of a session. */
interface SessionState {
  readonly store: SqliteStore;
  readonly connection: SqliteConnection;
  readonly schema: SqliteSchema;
  readonly hashes: ConfirmedHashes;
  /** When tables may be read whole again, by `performance.now()`. */
  pausedUntil: number;
  /** Names the rows of the last or the next load. */
  image: string | null;
}

/** A session for one connection; a database that replaces the file needs another one. */
export function openSqliteSession(options: SqliteSessionOptions, connection: SqliteConnection): FeedSession {
  const { store, tables, warn } = options;
  const schema = openSchema({ connection, tables, warn, place: store.place });
  const image = imageAt(connection, connection.log.last(), connection.generation());
  const state: SessionState = { store, connection, schema, hashes: new ConfirmedHashes(), pausedUntil: 0, image };
  return {
    mode: store.isFile ? 'watch' : 'told',
    reason: null,
    catalog: schema.catalog,
    pauseMs: 0,
    get image() {
      return state.image;
    },
    canFollow: (text, signal) =>
      read(state, async () => {
        throwIfAborted(signal);
        return canResume(state, adoptedPosition(parsePosition(text), connection));
      }),
    load: (sink, signal) => read(state, () => load(state, sink, signal)),
    async poll(text, sink, signal, mustCatchUp) {
      const position = ownPosition(text, connection);
      if (!canResume(state, position))
        throw new SessionOutdatedError('The changes since the position are no longer kept', true);
      return waitForChange(() => read(state, () => readChanges(state, position, sink, signal, mustCatchUp)), {
        ...{ waker: store.waker, signal, mustCatchUp },
        detectChanges: () => {},
      });
    },
    compare: (signal) => read(state, async () => compare(state, signal)),
    async close() {},
  };
}

/** Runs work in a transaction, on the current schema. */
function read<Result>({ store, connection, schema }: SessionState, work: () => Promise<Result>): Promise<Result> {
  return store.use(connection, async () => {
    if (store.connection() !== connection) throw new SessionOutdatedError(`${store.place} was replaced`, true);
    const { database } = connection;
    database.run('begin');
    try {
      schema.refresh();
      return await work();
    } finally {
      // Commits the triggers for new tables; nothing else was written.
      if (database.inTransaction) database.run('commit');
    }
  });
}

/** The name of the rows if they are the connection's first ones. */
function imageAt({ image }: SqliteConnection, sequence: number, generation: number): string | null {
  return sequence === 0 && generation === 0 ? image : null;
}

/** Turns the position of an image into one of this connection. */
function adoptedPosition(position: Position | null, { image, instance }: SqliteConnection): Position | null {
  return position !== null && position.instance === image ? { ...position, instance } : position;
}

/** @throws SessionOutdatedError if the position is of another connection */
function ownPosition(text: string, connection: SqliteConnection): Position {
  const position = parsePosition(text);
  return position?.instance === connection.image && position !== null
    ? { ...position, instance: connection.instance }
    : positionOf(text, connection.instance);
}

function canResume({ connection, schema }: SessionState, position: Position | null): boolean {
  if (position?.instance !== connection.instance || position.catalog !== schema.catalogHash) return false;
  return position.sequence >= connection.log.forgotten;
}

/** @returns the position of the rows */
async function load(state: SessionState, sink: RowSink, signal: AbortSignal): Promise<string> {
  const { store, connection, schema } = state;
  const sequence = connection.log.last();
  const generation = connection.generation();
  const hashes = new Map<string, string>();
  for (const table of schema.tables) {
    const hash = await writeAll(connection, table, sink, signal, store.isFile);
    if (hash !== null) hashes.set(table.name, hash);
  }
  state.hashes.sent(generation, hashes);
  state.image = imageAt(connection, sequence, generation);
  return positionAt(state, sequence, generation);
}

/** @returns the new position; null if nothing changed */
async function readChanges(
  state: SessionState,
  since: Position,
  sink: ChangeSink,
  signal: AbortSignal,
  mustCatchUp: boolean,
): Promise<string | null> {
  throwIfAborted(signal);
  const { connection, schema } = state;
  const { tables } = schema;
  connection.log.forget(since.sequence);
  const hashes = new Map(state.hashes.at(since.generation));
  const sequence = connection.log.last();
  const detected = connection.generation();
  const generation = mustCatchUp || performance.now() >= state.pausedUntil ? detected : since.generation;
  if (sequence === since.sequence && generation === since.generation) return null;
  if (generation === since.generation) await writeLogged(connection, tables, since.sequence, hashes, sink);
  else state.pausedUntil = await writeChanged(connection, tables, hashes, sink, signal);
  state.hashes.sent(generation, hashes);
  return positionAt(state, sequence, generation);
}

function compare({ connection, schema }: SessionState, signal: AbortSignal): TableChecksum[] {
  return schema.tables.map((table) => {
    throwIfAborted(signal);
    const { mirrored } = table;
    return checksumRows(mirrored, presentColumns(mirrored, schema.catalog), readTable(connection.database, table));
  });
}

function positionAt({ connection, schema }: SessionState, sequence: number, generation: number): string {
  const instance = imageAt(connection, sequence, generation) ?? connection.instance;
  return formatPosition({ instance, sequence, generation, catalog: schema.catalogHash });
}

/** Hashes of tables at their last read, by table; unknown ones are missing. */
type TableHashes = ReadonlyMap<string, string>;

interface HashesAt {
  readonly generation: number;
  readonly hashes: TableHashes;
}

/**
 * The hashes of the tables as the mirror certainly has them: what a poll sent counts as applied once the next one starts
 * from its position.
 */
class ConfirmedHashes {
  #confirmed: HashesAt = { generation: -1, hashes: new Map() };
  #sent: HashesAt | null = null;

  /** The hashes at the position that a poll starts from. */
  at(generation: number): TableHashes {
    if (this.#sent?.generation === generation) this.#confirmed = this.#sent;
    else if (this.#confirmed.generation !== generation) this.#confirmed = { generation, hashes: new Map() };
    this.#sent = null;
    return this.#confirmed.hashes;
  }

  /** Rows with these hashes are on their way to the mirror. */
  sent(generation: number, hashes: TableHashes): void {
    this.#sent = { generation, hashes };
  }
}
