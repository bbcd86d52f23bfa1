import { expect, test } from 'bun:test';
import { runProgram } from './run-program.ts';

const SQL_SERVER = { DB_SERVER: 'db', DB_NAME: 'Shop', DB_USER: 'reader', DB_PASSWORD: 'secret' };

test.each<[Record<string, string>, string]>([
  [{ ...SQL_SERVER, DB_CA_FILE: '/nowhere/ca.pem' }, 'DB_CA_FILE: read \\"/nowhere/ca.pem\\", which cannot be read'],
  [{ ...SQL_SERVER, DB_CA_FILE: import.meta.path }, 'no certificate in PEM'],
  [{ HOST: '"0.0.0.0"' }, 'write 0.0.0.0'],
  [{ MONGO_CONNECTION_STRING: 'mongodb://127.0.0.1:1/?retryReds=true' }, 'MONGO_CONNECTION_STRING cannot be used'],
  [{ DEMO_DIR: '/dev/null' }, 'DEMO_DIR is /dev/null'],
])('the doctor says what would keep the server from starting with %j', async (environment, found) => {
  const { output, errors, exitCode } = await runProgram('doctor', environment, '--json');
  expect(errors).toBe('');
  expect(output).toContain(found);
  expect(exitCode).toBe(1);
});
