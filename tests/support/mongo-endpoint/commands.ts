import { type Document, Long, ObjectId, Timestamp } from 'mongodb';
import { runPipeline } from '../../../src/core/sources/mongo/embedded/engine.ts';
import { withDigits } from '../with-digits.ts';
import { type Cursor, changeCursor, type MongoRefusal, RefusedError, resultCursor } from './cursors.ts';
import { dropCollection, dropDatabase, insertDocuments, type MongoData } from './data.ts';

export interface ServerState {
  readonly data: MongoData;
  /** Null: a stand-alone server. */
  readonly replicaSet: string | null;
  readonly address: () => string;
  readonly cursors: Map<string, Cursor>;
  /** Grows with each election. */
  election: number;
  /** Number of the event up to which it says to have come; null: it is up to date. */
  behindAt: number | null;
}

const USUAL_BATCH = 101;
let lastCursor = 0;

/** @throws RefusedError */
export async function execute(state: ServerState, command: Document): Promise<Document> {
  const name = Object.keys(command)[0] ?? '';
  const run = COMMANDS.get(name.toLowerCase());
  if (run === undefined) {
    throw new RefusedError({ code: 59, codeName: 'CommandNotFound', message: `no such command: '${name}'` });
  }
  const { data, replicaSet, behindAt } = state;
  const operationTime = timestamp(behindAt ?? data.newest);
  const clock = replicaSet === null ? {} : { operationTime, ...clusterTime(state) };
  return { ...(await run(state, command)), ...clock, ok: 1 };
}

export function refusalDocument({ code, codeName, message, errorLabels }: MongoRefusal): Document {
  return { ok: 0, errmsg: message, code, codeName, ...(errorLabels === undefined ? {} : { errorLabels }) };
}

type Run = (state: ServerState, command: Document) => Document | Promise<Document>;

const COMMANDS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['hello', hello],
  ['ismaster', hello],
  ['ping', () => ({})],
  ['buildinfo', () => ({ version: '7.0.0', versionArray: [7, 0, 0, 0] })],
  ['endsessions', () => ({})],
  ['listcollections', listCollections],
  ['aggregate', aggregate],
  ['find', find],
  ['getmore', getMore],
  ['killcursors', killCursors],
  [
    'insert',
    ({ data }, command) => {
      const documents: Document[] = command.documents;
      insertDocuments(data, String(command.insert), documents);
      return { n: documents.length };
    },
  ],
  ['delete', ({ data }, command) => ({ n: data.collections.get(String(command.delete))?.splice(0).length ?? 0 })],
  [
    'drop',
    ({ data }, command) => {
      if (dropCollection(data, String(command.drop))) return {};
      throw new RefusedError({ code: 26, codeName: 'NamespaceNotFound', message: 'ns not found' });
    },
  ],
  [
    'dropdatabase',
    ({ data }) => {
      dropDatabase(data);
      return {};
    },
  ],
]);

function hello({ replicaSet, address, election }: ServerState): Document {
  const common = {
    ...{ helloOk: true, isWritablePrimary: true, ismaster: true, readOnly: false, localTime: new Date() },
    ...{ maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 },
    ...{ minWireVersion: 0, maxWireVersion: 21, logicalSessionTimeoutMinutes: 30 },
  };
  if (replicaSet === null) return common;
  const me = address();
  const electionId = new ObjectId(election.toString(16).padStart(24, '7'));
  return {
    ...common,
    ...{ setName: replicaSet, setVersion: 1, hosts: [me], primary: me, me, electionId, secondary: false },
  };
}

function listCollections({ data }: ServerState): Document {
  const firstBatch = [...data.collections.keys()].map((name) => ({ name, type: 'collection' }));
  return { cursor: { id: Long.ZERO, ns: `${data.database}.$cmd.listCollections`, firstBatch } };
}

function find(state: ServerState, command: Document): Promise<Document> {
  const filter = command.filter ?? {};
  const limit = Number(command.limit ?? 0);
  const stages = [{ $match: filter }, ...(limit > 0 ? [{ $limit: limit }] : [])];
  return answerWith(state, resultsOf(state, String(command.find), stages), command);
}

function aggregate(state: ServerState, command: Document): Promise<Document> {
  const stages: Document[] = command.pipeline;
  const [first, ...later] = stages;
  const collection = String(command.aggregate);
  if (first === undefined || !('$changeStream' in first)) {
    return answerWith(state, aggregatesOf(state, collection, stages), command);
  }
  if (state.replicaSet === null) {
    const message = 'The $changeStream stage is only supported on replica sets';
    throw new RefusedError({ code: 40_573, codeName: 'Location40573', message });
  }
  const { resumeAfter, startAfter } = first.$changeStream;
  const wanted = (events: readonly Document[]) =>
    runPipeline(new Map([['events', [...events]]]), 'events', later).filter(isDocument);
  const cursor = changeCursor(state.data, `${state.data.database}.$cmd.aggregate`, resumeAfter ?? startAfter, wanted);
  return answerWith(state, cursor, command);
}

function resultsOf({ data }: ServerState, collection: string, stages: readonly Document[]): Cursor {
  const results = runPipeline(data.collections, collection, stages).filter(isDocument);
  return resultCursor(`${data.database}.${collection}`, results);
}

function aggregatesOf({ data }: ServerState, collection: string, stages: readonly Document[]): Cursor {
  const legible = new Map([[collection, (data.collections.get(collection) ?? []).map(withDigits)]]);
  const results = runPipeline(legible, collection, stages).filter(isDocument);
  return resultCursor(`${data.database}.${collection}`, results);
}

async function answerWith(state: ServerState, cursor: Cursor, command: Document): Promise<Document> {
  const { batch, isLast } = await cursor.next(Number(command.cursor?.batchSize ?? command.batchSize ?? USUAL_BATCH), 0);
  const id = isLast ? 0 : ++lastCursor;
  if (id !== 0) state.cursors.set(String(id), cursor);
  return { cursor: { id: Long.fromNumber(id), ns: cursor.namespace, firstBatch: [...batch], ...standing(cursor) } };
}

async function getMore({ cursors }: ServerState, command: Document): Promise<Document> {
  const id = String(command.getMore);
  const find = () => {
    const cursor = cursors.get(id);
    if (cursor !== undefined) return cursor;
    throw new RefusedError({ code: 43, codeName: 'CursorNotFound', message: `cursor id ${id} not found` });
  };
  const cursor = find();
  const { batch, isLast } = await cursor.next(Number(command.batchSize ?? USUAL_BATCH), Number(command.maxTimeMS ?? 0));
  find();
  if (isLast) cursors.delete(id);
  const left = Long.fromNumber(isLast ? 0 : Number(id));
  return { cursor: { id: left, ns: cursor.namespace, nextBatch: [...batch], ...standing(cursor) } };
}

function killCursors({ cursors }: ServerState, command: Document): Document {
  const ids: unknown[] = command.cursors;
  for (const id of ids) cursors.delete(String(id));
  return { cursorsKilled: ids, cursorsNotFound: [], cursorsAlive: [], cursorsUnknown: [] };
}

function standing(cursor: Cursor): Document {
  const token = cursor.token();
  return token === undefined ? {} : { postBatchResumeToken: token };
}

function timestamp(at: number): Timestamp {
  return new Timestamp(Long.fromNumber(at + 1));
}

function clusterTime({ data }: ServerState): Document {
  const signature = { hash: Buffer.alloc(20), keyId: Long.ZERO };
  return { $clusterTime: { clusterTime: timestamp(data.newest), signature } };
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null;
}
