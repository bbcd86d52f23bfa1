import { Query } from 'mingo';
import { Binary, type Document, Long, ObjectId } from 'mongodb';
import { type Cursor, changeCursor, type MongoRefusal, RefusedError, resultCursor } from './cursors.ts';
import { dropCollection, dropDatabase, insertDocuments, lookUp, type MongoData, timestampOf } from './data.ts';
import { project } from './projection.ts';

export interface ServerState {
  readonly data: MongoData;
  /** Null for a stand-alone server. */
  readonly replicaSet: string | null;
  readonly address: () => string;
  /** Names of the replica set's members; null for its own address alone. */
  readonly members: readonly string[] | null;
  readonly takesAnyPassword: boolean;
  readonly cursors: Map<string, Cursor>;
  /** Grows with each election. */
  election: number;
  /** Number of the last event that it claims to have; null if it is up to date. */
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
  const operationTime = timestampOf(behindAt ?? data.newest);
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
  ['saslstart', logIn],
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

function hello({ replicaSet, address, members, election }: ServerState): Document {
  const common = {
    ...{ helloOk: true, isWritablePrimary: true, ismaster: true, readOnly: false, localTime: new Date() },
    ...{ maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 },
    ...{ minWireVersion: 0, maxWireVersion: 21, logicalSessionTimeoutMinutes: 30 },
  };
  if (replicaSet === null) return common;
  const hosts = members ?? [address()];
  const [me = ''] = hosts;
  const electionId = new ObjectId(election.toString(16).padStart(24, '7'));
  return {
    ...common,
    ...{ setName: replicaSet, setVersion: 1, hosts, primary: me, me, electionId, secondary: false },
  };
}

function logIn({ takesAnyPassword }: ServerState): Document {
  if (takesAnyPassword) return { conversationId: 1, done: true, payload: new Binary(Buffer.alloc(0)) };
  throw new RefusedError({ code: 18, codeName: 'AuthenticationFailed', message: 'Authentication failed.' });
}

function listCollections({ data }: ServerState): Document {
  const firstBatch = [...data.collections.keys()].map((name) => ({
    name,
    type: data.types.get(name) ?? 'collection',
  }));
  return { cursor: { id: Long.ZERO, ns: `${data.database}.$cmd.listCollections`, firstBatch } };
}

function find(state: ServerState, command: Document): Promise<Document> {
  const { data } = state;
  const query = new Query(command.filter ?? {});
  const found = (data.collections.get(String(command.find)) ?? []).filter((document) => query.test(document));
  const limit = Number(command.limit ?? 0);
  const results = found
    .slice(0, limit > 0 ? limit : undefined)
    .map((document) => (command.projection === undefined ? document : project(document, command.projection)));
  return answerWith(state, resultCursor(`${data.database}.${command.find}`, results), command);
}

function aggregate(state: ServerState, command: Document): Promise<Document> {
  const { data } = state;
  const stages: Document[] = command.pipeline;
  const [first, ...later] = stages;
  if (first === undefined || !('$changeStream' in first)) {
    throw new RefusedError({ code: 304, codeName: 'Location304', message: 'This endpoint aggregates nothing' });
  }
  if (state.replicaSet === null) {
    const message = 'The $changeStream stage is only supported on replica sets';
    throw new RefusedError({ code: 40_573, codeName: 'Location40573', message });
  }
  const { resumeAfter, startAfter, startAtOperationTime, fullDocument } = first.$changeStream;
  const send = through(later);
  const cursor = changeCursor(
    data,
    `${data.database}.$cmd.aggregate`,
    { resumeAfter: resumeAfter ?? startAfter, startAtOperationTime },
    (event) => send(fullDocument === 'updateLookup' ? withLookup(data, event) : event),
  );
  return answerWith(state, cursor, command);
}

/** Passes an event through the stages after `$changeStream`; null if one filters it out. */
function through(stages: readonly Document[]): (event: Document) => Document | null {
  const steps = stages.map((stage) => {
    if ('$match' in stage) {
      const query = new Query(stage.$match);
      return (event: Document) => (query.test(event) ? event : null);
    }
    if ('$project' in stage) return (event: Document) => project(event, stage.$project);
    throw new RefusedError({ code: 40_324, codeName: 'Location40324', message: 'Unrecognized pipeline stage name' });
  });
  return (event) => steps.reduce<Document | null>((sent, step) => (sent === null ? null : step(sent)), event);
}

/** An update is sent with the current document, which may be deleted. */
function withLookup(data: MongoData, event: Document): Document {
  if (event.operationType !== 'update') return event;
  return { ...event, fullDocument: lookUp(data, event.ns.coll, event.documentKey._id) };
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

function clusterTime({ data }: ServerState): Document {
  const signature = { hash: Buffer.alloc(20), keyId: Long.ZERO };
  return { $clusterTime: { clusterTime: timestampOf(data.newest), signature } };
}
