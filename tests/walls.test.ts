import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';

const ROOT = join(import.meta.dir, '..');

/** Files that each break one wall, and the rule that must say so. */
const BREACHES: readonly (readonly [rule: string, path: string, source: string])[] = [
  ['core-stands-alone', 'src/core/store/a.ts', "import '../../features/index.ts';"],
  [
    'core-stands-alone',
    'src/core/hubs/a.ts',
    "import type { Config } from '../../config/config.ts';\nexport type A = Config;",
  ],
  ['core-stands-alone', 'src/core/mirror/a.ts', "import '../../demo/plan.ts';"],
  ['core-stands-alone', 'src/core/http/b.ts', "import '../../cli/doctor.ts';"],
  ['core-stands-alone', 'src/core/http/c.ts', "import '../../web/page.ts';"],
  ['company-is-pure', 'src/company/a.ts', "import '../core/mirror/catalog.ts';"],
  ['company-is-pure', 'src/company/b.ts', "import 'bun:sqlite';"],
  ['company-is-pure', 'src/company/c.ts', "import type { A } from '../features/claims/b.ts';\nexport type C = A;"],
  ['company-is-for-feeds-and-mirror', 'src/core/http/a.ts', "import '../../company/tables.ts';"],
  ['company-is-for-feeds-and-mirror', 'src/core/notifications/a.ts', "import '../../company/codes.ts';"],
  ['figures-are-pure', 'src/core/figures/a.ts', "import '../problems.ts';"],
  ['figures-are-pure', 'src/core/figures/b.ts', "import 'node:fs';"],
  [
    'figures-are-pure',
    'src/core/figures/c.ts',
    "import type { Static } from '@sinclair/typebox';\nexport type C = Static<never>;",
  ],
  ['runtime-names-no-technology', 'src/core/runtime/a.ts', "import '../http/app.ts';"],
  ['runtime-names-no-technology', 'src/core/runtime/b.ts', "import '../hubs/messages.ts';"],
  [
    'runtime-names-no-technology',
    'src/core/runtime/c.ts',
    "import type { A } from '../feeds/sql-server/b.ts';\nexport type C = A;",
  ],
  [
    'runtime-names-no-technology',
    'src/core/runtime/f.ts',
    "import type { A } from '../mirror/database.ts';\nexport type F = A;",
  ],
  [
    'runtime-knows-shapes-only',
    'src/core/runtime/g.ts',
    "import { a } from '../mirror/mirror.ts';\nexport const g = a;",
  ],
  ['runtime-knows-shapes-only', 'src/core/runtime/h.ts', "import { a } from '../feeds/feed.ts';\nexport const h = a;"],
  ['runtime-names-no-library', 'src/core/runtime/d.ts', "import 'bun:sqlite';"],
  [
    'runtime-names-no-library',
    'src/core/runtime/e.ts',
    "import type { Kysely } from 'kysely';\nexport type E = Kysely<never>;",
  ],
  ['feeds-are-apart', 'src/core/feeds/mongo/a.ts', "import '../sql-server/b.ts';"],
  ['feeds-are-apart', 'src/core/feeds/sql-server/a.ts', "import type { B } from '../folder/b.ts';\nexport type A = B;"],
  ['feeds-are-apart', 'src/core/feeds/folder/a.ts', "import '../mongo/b.ts';"],
  ['a-feed-knows-no-source', 'src/core/feeds/a.ts', "import './mongo/b.ts';"],
  [
    'a-feed-knows-no-source',
    'src/core/http/d.ts',
    "import type { B } from '../feeds/folder/b.ts';\nexport type D = B;",
  ],
  ['drivers-stay-in-their-feed', 'src/core/mirror/b.ts', "import 'mssql';"],
  ['drivers-stay-in-their-feed', 'src/core/feeds/b.ts', "import 'mongodb';"],
  [
    'drivers-stay-in-their-feed',
    'src/core/feeds/folder/c.ts',
    "import { BSON } from 'mongodb';\nexport const c = BSON;",
  ],
  ['mirror-serves-everybody', 'src/core/mirror/c.ts', "import '../feeds/feed.ts';"],
  ['mirror-serves-everybody', 'src/core/mirror/d.ts', "import '../http/app.ts';"],
  ['protocols-know-messages-only', 'src/core/hubs/protocols/a.ts', "import '../connection.ts';"],
  ['protocols-know-messages-only', 'src/core/hubs/protocols/b.ts', "import 'rxjs';"],
  ['features-are-apart', 'src/features/claims/a.ts', "import type { B } from '../rows/b.ts';\nexport type A = B;"],
  ['features-are-apart', 'src/features/rows/a.ts', "import '../claims/b.ts';"],
  ['features-are-apart', 'src/features/claims/c.ts', "import '../index.ts';"],
  ['features-know-core-and-company-only', 'src/features/claims/d.ts', "import '../../config/config.ts';"],
  ['slices-read-the-mirror-only', 'src/features/claims/g.ts', "import '../../core/feeds/feed.ts';"],
  ['slices-read-the-mirror-only', 'src/features/claims/h.ts', "import '../../core/http/app.ts';"],
  ['slices-name-no-technology', 'src/features/claims/e.ts', "import 'mongodb';"],
  ['slices-name-no-technology', 'src/features/claims/f.ts', "import 'bun:sqlite';"],
  ['demo-is-a-source-like-others', 'src/demo/a.ts', "import '../features/index.ts';"],
  ['demo-is-a-source-like-others', 'src/demo/b.ts', "import '../config/config.ts';"],
  ['nothing-knows-the-demo', 'src/features/claims/i.ts', "import '../../demo/plan.ts';"],
  ['nothing-knows-the-demo', 'src/main.ts', "await import('./demo/plan.ts');"],
  ['nothing-knows-the-demo', 'src/cli/new-feature.ts', "import '../demo/plan.ts';"],
  ['demo-is-loaded-where-needed', 'src/open-mirror.ts', "import './demo/plan.ts';"],
  ['roots-are-imported-by-none', 'src/config/a.ts', "import '../open-feeds.ts';"],
  ['roots-are-imported-by-none', 'src/demo/c.ts', "import '../mirror-worker.ts';"],
  ['client-stands-alone', 'src/client/a.ts', "import { a } from '../features/claims/schemas.ts';\nexport const b = a;"],
  ['client-stands-alone', 'src/client/b.ts', "import 'rxjs';"],
  ['client-knows-shapes-only', 'src/client/c.ts', "import type { A } from '../core/http/app.ts';\nexport type C = A;"],
  [
    'page-knows-the-client-only',
    'src/web/a.ts',
    "import type { A } from '../features/claims/schemas.ts';\nexport type B = A;",
  ],
  ['page-knows-the-client-only', 'src/web/b.ts', "import 'node:fs';"],
  ['nothing-knows-the-page', 'src/cli/page.ts', "import '../web/page.ts';"],
  ['nothing-knows-the-page', 'src/config/b.ts', "import type { A } from '../client/index.ts';\nexport type B = A;"],
  ['no-circle', 'src/core/store/b.ts', "import type { C } from './c.ts';\nexport type B = C;"],
  ['production-dependencies-only', 'src/core/store/d.ts', "import 'fast-check';"],
  ['source-imports-no-tests', 'src/core/store/e.ts', "export * from '../../../tests/support/a.ts';"],
  ['resolvable', 'src/core/store/f.ts', "import './nowhere.ts';"],
];

/** What must stay allowed: a rule that forbids everything would notice every breach as well. */
const PERMITTED: readonly (readonly [path: string, source: string])[] = [
  ['src/open-feeds.ts', "import './core/feeds/sql-server/b.ts';\nawait import('./demo/plan.ts');"],
  ['src/mirror-worker.ts', "import './features/index.ts';\nimport './company/tables.ts';"],
  ['src/cli/doctor.ts', "import '../open-feeds.ts';\nimport '../features/index.ts';\nimport 'mssql';"],
  ['src/cli/demo-load.ts', "import '../demo/plan.ts';"],
  ['src/features/index.ts', "import './claims/b.ts';\nimport './rows/b.ts';"],
  [
    'src/features/claims/b.ts',
    "import 'kysely';\nimport '@sinclair/typebox';\nimport '../../core/mirror/reader.ts';\nimport '../../company/codes.ts';\nexport type A = 1;",
  ],
  ['src/features/rows/b.ts', "import 'node:fs';\nimport 'pino';\nimport '../../core/store/c.ts';\nexport type B = 1;"],
  [
    'src/core/runtime/actor.ts',
    [
      "import 'rxjs';",
      "import '../figures/money.ts';",
      "import './source-errors.ts';",
      "import type { A } from '../feeds/feed.ts';",
      "import { type A as B } from '../mirror/mirror.ts';",
      "import type { A as C } from '../../company/table.ts';",
      'export type D = A | B | C;',
    ].join('\n'),
  ],
  ['src/features/claims/schemas.ts', "import '@sinclair/typebox';\nexport type A = 1;\nexport const a = 1;"],
  [
    'src/client/index.ts',
    "import type { A as B } from '../features/claims/schemas.ts';\nexport * from './d.ts';\nexport type A = B;",
  ],
  ['src/client/d.ts', 'export type D = 1;'],
  ['src/web/index.ts', "import '../client/index.ts';\nimport 'preact';\nimport 'chart.js';"],
  [
    'src/core/hubs/protocols/json.ts',
    "import '../messages.ts';\nimport '../../runtime/json.ts';\nimport '@msgpack/msgpack';",
  ],
  [
    'src/core/mirror/reader.ts',
    "import 'bun:sqlite';\nimport 'kysely';\nimport '../../company/tables.ts';\nimport '../threads/calls.ts';\nimport '../runtime/source-errors.ts';",
  ],
  ['src/core/feeds/sql-server/b.ts', "import 'mssql';\nimport '../feed.ts';\nimport './c.ts';\nexport type A = 1;"],
  ['src/core/feeds/mongo/b.ts', "import 'mongodb';\nimport '../../mirror/catalog.ts';"],
  ['src/core/feeds/folder/b.ts', "import 'bun:sqlite';\nimport '../../../company/tables.ts';\nexport type B = 1;"],
  ['src/core/notifications/feed-rule.ts', "import '../../company/table.ts';\nimport '../feeds/feed.ts';"],
  ['src/company/tables.ts', "import './table.ts';\nimport '../core/figures/money.ts';"],
  ['src/demo/plan.ts', "import '../core/feeds/folder/b.ts';\nimport '../company/tables.ts';"],
  ...['core/feeds/feed', 'core/mirror/mirror', 'company/table'].map(shape),
  ...[
    'core/feeds/sql-server/c',
    'core/runtime/source-errors',
    'core/runtime/json',
    'core/mirror/catalog',
    'core/mirror/database',
  ].map(shape),
  ...['config/config', 'web/page', 'core/problems', 'core/http/app', 'core/hubs/messages'].map(empty),
  ...['core/hubs/connection', 'core/threads/calls', 'core/figures/money', 'company/codes'].map(empty),
  // The other half of the cycle, which is reported once.
  ['src/core/store/c.ts', "import type { B } from './b.ts';\nexport type C = B;"],
  ['tests/support/a.ts', 'export const a = 1;'],
];

/** A file that has a type and a value. */
function shape(name: string): readonly [path: string, source: string] {
  return [`src/${name}.ts`, 'export type A = 1;\nexport const a = 1;'];
}

function empty(name: string): readonly [path: string, source: string] {
  return [`src/${name}.ts`, 'export type Config = 1;'];
}

const Rules = Type.Object({ forbidden: Type.Array(Type.Object({ name: Type.String() })) });
const Report = Type.Object({
  summary: Type.Object({
    violations: Type.Array(Type.Object({ from: Type.String(), rule: Type.Object({ name: Type.String() }) })),
  }),
});

describe('the walls between the rooms', () => {
  let folder = '';
  let noticed: ReadonlySet<string> = new Set();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'walls-'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const name of ['package.json', '.dependency-cruiser.mjs']) await cp(join(ROOT, name), join(folder, name));
    for (const [path, source] of [...BREACHES.map(([, ...file]) => file), ...PERMITTED]) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await Bun.write(join(folder, path), `${source}\n`);
    }
    noticed = await violations(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(BREACHES)('%s: %s', (rule, path) => {
    expect([...noticed].filter((violation) => violation.endsWith(` ${path}`))).toContain(`${rule} ${path}`);
  });

  test('are all broken here', async () => {
    const { default: config }: { readonly default: unknown } = await import(join(ROOT, '.dependency-cruiser.mjs'));
    const { forbidden } = Value.Parse(Rules, config);
    expect([...new Set(BREACHES.map(([rule]) => rule))].sort()).toEqual(forbidden.map(({ name }) => name).sort());
  });

  test('let through what they should', () => {
    const breaches = new Set(BREACHES.map(([, path]) => path));
    expect([...noticed].filter((violation) => !breaches.has(violation.split(' ')[1] ?? ''))).toEqual([]);
  });
});

/** Each as `rule path`. */
async function violations(cwd: string): Promise<ReadonlySet<string>> {
  const flags = ['--config', '.dependency-cruiser.mjs', '--preserve-symlinks', '--output-type', 'json', 'src'];
  const cruise = Bun.spawn([process.execPath, '--bun', 'depcruise', ...flags], { cwd, stdout: 'pipe' });
  const report = Value.Parse(Report, JSON.parse(await cruise.stdout.text()));
  return new Set(report.summary.violations.map(({ from, rule }) => `${rule.name} ${from}`));
}
