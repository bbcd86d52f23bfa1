import { MongoClient } from 'mongodb';
import { sourceErrorOf } from '../../core/sources/mongo/driver/failures.ts';
import type { MongoSettings } from '../../core/sources/mongo/driver/settings.ts';
import { databaseIn } from '../../core/sources/mongo/driver/source.ts';
import { broken, clockFinding, type Finding, ok, warning } from './finding.ts';

/** Reachable, which version, whose clock. */
export async function lookAtMongo({ connectionString, database, connectTimeoutMs }: MongoSettings): Promise<Finding[]> {
  const name = database ?? databaseIn(connectionString);
  let client: MongoClient | undefined;
  try {
    client = new MongoClient(connectionString, { serverSelectionTimeoutMS: connectTimeoutMs });
    const admin = client.db(name);
    const from = Date.now();
    const hello = await admin.command({ hello: 1 });
    const to = Date.now();
    const { version } = await admin.command({ buildInfo: 1 });
    const [major = 0, minor = 0] = String(version).split('.').map(Number);
    const isOld = major < 4 || (major === 4 && minor < 4);
    return [
      ok('MongoDB', `database ${name} can be reached`),
      isOld
        ? warning('MongoDB version', String(version), 'MongoDB 4.4 or later is what the pipelines are written for')
        : ok('MongoDB version', String(version)),
      clockFinding('MongoDB clock', new Date(hello.localTime).getTime(), { from, to }),
    ];
  } catch (error) {
    const told = sourceErrorOf(error, 'MongoDB');
    // What is no failure of a connection may have the connection string in its text.
    const found = told !== error && told instanceof Error ? told.message : 'its connection string cannot be used';
    return [broken('MongoDB', found, 'check MONGO_CONNECTION_STRING: mongodb://user:password@host:27017/database')];
  } finally {
    await client?.close().catch(() => {});
  }
}
