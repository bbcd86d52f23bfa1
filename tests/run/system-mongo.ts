/** A server that runs as long as the tests do. */
export interface SystemMongo {
  readonly url: string;
  stop(): Promise<unknown>;
}

/**
 * Starts the `mongod` that `MONGOMS_SYSTEM_BINARY` names, as a replica set of one. Null where none is named, or a server
 * that runs already is (`TEST_MONGO_URL`).
 *
 * @throws Error when the named file is not there: the library would go and download one
 */
export async function startSystemMongo(
  { MONGOMS_SYSTEM_BINARY: binary = '', TEST_MONGO_URL: url = '' } = process.env,
): Promise<SystemMongo | null> {
  if (binary === '' || url !== '') return null;
  if (!(await Bun.file(binary).exists())) throw new Error(`MONGOMS_SYSTEM_BINARY=${binary} is not there`);
  const { MongoMemoryReplSet } = await import('mongodb-memory-server-core');
  const replicaSet = await MongoMemoryReplSet.create({
    binary: { systemBinary: binary },
    replSet: { count: 1, storageEngine: 'wiredTiger' },
  });
  return { url: replicaSet.getUri(), stop: () => replicaSet.stop() };
}
