/** A server that runs during the tests. */
export interface SystemMongo {
  readonly url: string;
  stop(): Promise<unknown>;
}

/**
 * Starts the `mongod` of `MONGOMS_SYSTEM_BINARY` as a replica set of one. Null if it is not set, or if `TEST_MONGO_URL`
 * names a running server.
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
