import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cp, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { Glob } from 'bun';
import { openSmallCompany } from '../core/hubs/small-company.ts';
import { assets } from '../support/assets.ts';
import { emptyDatabase } from '../support/company-database.ts';
import { startMongoEndpoint } from '../support/mongo-endpoint/endpoint.ts';
import { type ServerProcess, startProcess, temporaryFolder } from '../support/process.ts';
import { environmentOf } from '../support/real-sql-server.ts';
import { ticket } from '../support/remote-company.ts';
import { serveSqlServer } from '../support/sql-server-endpoint.ts';

const ROOT = join(import.meta.dir, '..', '..');
const WITHIN_MS = 120_000;
const MOST_PACKAGES = 150;
const MOST_MEGABYTES = 170;
/** The unit of `blocks` (stat(2)). */
const BLOCK_BYTES = 512;

/** The image is not built here: its instructions are followed in a folder. */
const dockerfile = await Bun.file(join(ROOT, 'Dockerfile')).text();
const stages = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .split(/^FROM /m)
  .slice(1);
const [packages = ''] = stages;
const image = stages.at(-1) ?? '';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  await assets.page.files();
  folder = await temporaryFolder();
  await copyInto(folder.path, copied(packages));
  const [, install = ''] = /^RUN bun (install .+)$/m.exec(packages) ?? [];
  expect(install).toContain('--production');
  const installed = Bun.spawn([process.execPath, ...install.split(' ')], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(await installed.exited).toBe(0);
  await copyInto(folder.path, [...copied(image), 'build']);
}, WITHIN_MS);

afterAll(() => folder[Symbol.asyncDispose]());

describe('a production install, as the image has it', () => {
  test(`is at most ${MOST_PACKAGES} packages and ${MOST_MEGABYTES} MB`, async () => {
    const { names, megabytes } = await installedIn(join(folder.path, 'node_modules'));
    console.log(`production install: ${names.length} packages, ${megabytes.toFixed(0)} MB`);
    expect(names.length).toBeLessThanOrEqual(MOST_PACKAGES);
    expect(megabytes).toBeLessThanOrEqual(MOST_MEGABYTES);
    for (const name of ['elysia', 'mssql', 'mongodb', 'rxjs']) expect(names).toContain(name);
    expect(names).not.toContain('@scalar/api-reference');
  });

  test('takes the packages and the files for browsers from stages before it', () => {
    expect(image).toContain('\nCOPY --from=packages /app/node_modules node_modules\n');
    expect(image).toContain('\nCOPY --from=assets /app/build build\n');
    const assets = stages.find((stage) => stage.startsWith('packages AS assets\n')) ?? '';
    expect(copied(assets)).toEqual(['tsconfig.json', 'src']);
    expect(assets).toContain('\nRUN bun --no-env-file src/cli/assets.ts\n');
    expect(image).toContain('\nCMD ["bun", "--no-env-file", "src/main.ts"]\n');
  });

  test(
    'serves the demo company, the live page and the documentation',
    async () => {
      const server = await start({});
      await server.ready();
      for (const path of ['/health', '/swagger', '/swagger/json', '/swagger/scalar.js', '/api/claims']) {
        expect({ path, status: (await fetch(server.url + path)).status }).toEqual({ path, status: 200 });
      }
      const page = await fetch(server.url, { headers: { accept: 'text/html' } });
      const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
      expect(page.status).toBe(200);
      expect((await fetch(server.url + script)).status).toBe(200);
      await end(server);
    },
    WITHIN_MS,
  );

  test(
    'serves real databases: no driver lacks a package',
    async () => {
      const database = emptyDatabase();
      await openSmallCompany(database);
      const sqlServer = await serveSqlServer(database);
      const mongo = await startMongoEndpoint({ collections: { support_tickets: [ticket('u1')] } });
      const server = await start({
        ...environmentOf(sqlServer.settings()),
        DB_CA_FILE: join(ROOT, 'tests/support/tds/test-certificate.pem'),
        MONGO_CONNECTION_STRING: mongo.url,
      });
      await server.ready();
      expect((await fetch(`${server.url}/api/support`)).status).toBe(200);
      await end(server);
      await Promise.all([sqlServer.close(), mongo.close()]);
      database.close();
    },
    WITHIN_MS,
  );
});

/** What a stage copies from the repository. */
function copied(stage: string): string[] {
  const lines = stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm);
  return [...lines].flatMap(([, sources = '']) => sources.split(' '));
}

async function copyInto(target: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await cp(join(ROOT, path), join(target, path), { recursive: true });
}

function start(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  return startProcess({ NODE_ENV: 'production', ...environment }, folder.path, folder.path);
}

async function end(server: ServerProcess): Promise<void> {
  server.signal('SIGTERM');
  expect(await server.exited).toBe(0);
}

/** Every package, in each place where it is installed, and the space that all files take on the disk. */
async function installedIn(modules: string): Promise<{ names: string[]; megabytes: number }> {
  const names: string[] = [];
  let bytes = 0;
  for await (const path of new Glob('**/*').scan({ cwd: modules, dot: true, followSymlinks: false })) {
    bytes += (await lstat(join(modules, path))).blocks * BLOCK_BYTES;
    const [, name] = /(?:^|\/node_modules\/)((?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(path) ?? [];
    if (name !== undefined) names.push(name);
  }
  return { names, megabytes: bytes / 1e6 };
}
