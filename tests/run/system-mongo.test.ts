import { expect, test } from 'bun:test';
import { startSystemMongo } from './system-mongo.ts';

test('no mongod is started where none is named, or a server that runs already is', async () => {
  expect(await startSystemMongo({})).toBeNull();
  const MONGOMS_SYSTEM_BINARY = '/usr/bin/mongod';
  expect(await startSystemMongo({ MONGOMS_SYSTEM_BINARY, TEST_MONGO_URL: 'mongodb://localhost' })).toBeNull();
});

test('a missing mongod is reported', async () => {
  await expect(startSystemMongo({ MONGOMS_SYSTEM_BINARY: '/nowhere/mongod' })).rejects.toThrow('/nowhere/mongod');
});
