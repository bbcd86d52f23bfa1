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
    "import type { Config } from '../../config.ts';\nexport type A = Config;",
  ],
  ['core-stands-alone', 'src/core/http/a.ts', "import '../../demo/plan.ts';"],
  ['core-stands-alone', 'src/core/http/b.ts', "import '../../cli/doctor.ts';"],
  ['core-stands-alone', 'src/core/http/c.ts', "import '../../web/page.ts';"],
  ['figures-are-pure', 'src/core/figures/a.ts', "import '../problems.ts';"],
  ['figures-are-pure', 'src/core/figures/b.ts', "import 'node:fs';"],
  [
    'figures-are-pure',
    'src/core/figures/c.ts',
    "import type { Static } from '@sinclair/typebox';\nexport type C = Static<never>;",
  ],
  ['runtime-names-no-technology', 'src/core/runtime/a.ts', "import '../http/app.ts';"],
  ['runtime-names-no-technology', 'src/core/runtime/b.ts', "import '../hubs/messages.ts';"],
  ['runtime-names-no-technology', 'src/core/runtime/c.ts', "import '../sources/sql/tables.ts';"],
  ['runtime-names-no-library', 'src/core/runtime/d.ts', "import 'bun:sqlite';"],
  [
    'runtime-names-no-library',
    'src/core/runtime/e.ts',
    "import type { Kysely } from 'kysely';\nexport type E = Kysely<never>;",
  ],
  ['protocols-know-messages-only', 'src/core/hubs/protocols/a.ts', "import '../connection.ts';"],
  ['protocols-know-messages-only', 'src/core/hubs/protocols/b.ts', "import 'rxjs';"],
  ['features-are-apart', 'src/features/claims/a.ts', "import type { B } from '../rows/b.ts';\nexport type A = B;"],
  ['features-are-apart', 'src/features/rows/a.ts', "import '../claims/b.ts';"],
  ['features-are-apart', 'src/features/claims/c.ts', "import '../index.ts';"],
  ['features-know-core-only', 'src/features/claims/d.ts', "import '../../demo/plan.ts';"],
  ['slices-name-no-technology', 'src/features/claims/e.ts', "import 'mongodb';"],
  ['slices-name-no-technology', 'src/features/claims/f.ts', "import 'node:fs';"],
  ['no-circle', 'src/core/store/b.ts', "import type { C } from './c.ts';\nexport type B = C;"],
  ['production-dependencies-only', 'src/core/store/d.ts', "import 'fast-check';"],
  ['source-imports-no-tests', 'src/core/store/e.ts', "export * from '../../../tests/support/a.ts';"],
  ['resolvable', 'src/core/store/f.ts', "import './nowhere.ts';"],
];

/** What must stay allowed: a rule that forbids everything would notice every breach as well. */
const PERMITTED: readonly (readonly [path: string, source: string])[] = [
  ['src/main.ts', "import './features/index.ts';\nimport './demo/plan.ts';\nimport './core/http/app.ts';"],
  ['src/features/index.ts', "import './claims/b.ts';\nimport './rows/b.ts';"],
  [
    'src/features/claims/b.ts',
    "import 'kysely';\nimport '@sinclair/typebox';\nimport '../../core/sources/sql/tables.ts';",
  ],
  [
    'src/features/rows/b.ts',
    "import 'node:fs';\nimport 'pino';\nimport '../../core/runtime/actor.ts';\nexport type B = 1;",
  ],
  ['src/core/runtime/actor.ts', "import 'rxjs';\nimport '../sources/sources.ts';\nimport '../figures/money.ts';"],
  ['src/core/hubs/protocols/json.ts', "import '../messages.ts';\nimport '@msgpack/msgpack';"],
  ['src/core/sources/sql/tables.ts', "import 'bun:sqlite';"],
  ['src/demo/plan.ts', "import '../core/sources/sql/tables.ts';"],
  ...['config', 'cli/doctor', 'web/page', 'core/problems', 'core/http/app', 'core/hubs/messages'].map(empty),
  ...['core/hubs/connection', 'core/sources/sources', 'core/figures/money'].map(empty),
  // The other half of the circle, which is told once.
  ['src/core/store/c.ts', "import type { B } from './b.ts';\nexport type C = B;"],
  ['tests/support/a.ts', 'export const a = 1;'],
];

function empty(name: string): readonly [path: string, source: string] {
  return [`src/${name}.ts`, 'export type Config = 1;'];
}

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
