import { expect, test } from 'bun:test';
import { mongoFeedAt } from '../../../support/mongo-feed.ts';

const SECRET = 'hunter2';

test.each([
  ['another scheme', `http://u:${SECRET}@host/db`, 'does not begin with mongodb://'],
  ['nothing', '', 'does not begin with mongodb://'],
  ['no host', `mongodb://u:${SECRET}@`, 'names no host'],
  ['an @ in the password', `mongodb://u:${SECRET}@x@host/db`, 'percent-encoding'],
  ['a / in the password', `mongodb://u:${SECRET}/x@host/db`, 'percent-encoding'],
  ['a % in the password', `mongodb://u:${SECRET}%zz@host/db`, 'percent-encoding'],
  ['no user', `mongodb://:${SECRET}@host/db`, 'user name'],
  ['a port that is none', `mongodb://u:${SECRET}@host:70000/db`, 'port'],
  ['a port that is text', `mongodb://u:${SECRET}@host:abc/db`, 'name:port'],
  ['a port with +srv', `mongodb+srv://u:${SECRET}@host.example.com:27017/db`, 'without a port'],
  ['two hosts with +srv', `mongodb+srv://u:${SECRET}@a.example.com,b.example.com/db`, 'one host'],
  ['a name of no database', `mongodb://u:${SECRET}@host/d.b`, 'name of the database'],
  ['a % in the database', `mongodb://u:${SECRET}@host/d%zz`, 'name of the database'],
  ['an unknown option', `mongodb://u:${SECRET}@host/db?retryReds=true`, 'option'],
  ['a value that an option does not take', `mongodb://u:${SECRET}@host/db?tls=maybe`, 'option'],
])('a connection string with %s is refused by its part, without a word of it', (_, connectionString, part) => {
  const refused = expect(() => mongoFeedAt(connectionString));
  refused.toThrow(part);
  refused.not.toThrow(SECRET);
  expect(() => mongoFeedAt(connectionString)).toThrow(expect.objectContaining({ name: 'SourceError' }));
});

test.each([
  ['mongodb://127.0.0.1:27017', 'MongoDB 127.0.0.1:27017/MeuCrudSupportDb'],
  ['mongodb://a:1,b:2/Shop?replicaSet=rs0', 'MongoDB a:1,b:2/Shop'],
  [`mongodb://u:${SECRET}%40x@[::1]:27017/my%20shop`, 'MongoDB [::1]:27017/my shop'],
  [`mongodb+srv://u:${SECRET}@shop.example.com/Shop`, 'MongoDB shop.example.com/Shop'],
])('of %s people see only the server', (connectionString, description) => {
  expect(mongoFeedAt(connectionString).description).toBe(description);
});
