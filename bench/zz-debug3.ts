import { Type } from '@sinclair/typebox';
import { startChild } from './support/child.ts';
const database = startChild('sql-server.ts', ['1000000']);
const port = await database.ask('port', null, Type.Integer());
const c = Bun.spawn([process.execPath, '--no-env-file', '--preload', '/work/main/bench/zz-pre.ts', 'src/main.ts'], { env: { PATH: process.env.PATH ?? '', PORT: '0', STATE_DIR: '/tmp/dbg/s', LOG_LEVEL: 'warn', DB_SERVER: 'localhost', DB_PORT: String(port), DB_NAME: 'Greg', DB_USER: 'x', DB_PASSWORD: 'y', DB_CA_FILE: 'tests/support/tds/test-certificate.pem' }, stdio: ['ignore', 'ignore', 'inherit'] });
await Bun.sleep(12000); c.kill(); process.exit(0);
