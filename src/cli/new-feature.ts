import { $ } from 'bun';
import { tables } from '../company/tables.ts';
import { features } from '../features/index.ts';
import { oracleFile } from './new-feature/oracle.ts';
import { type FeaturePlan, PlanError, planFeature, USAGE } from './new-feature/plan.ts';
import { withFeature, withTable } from './new-feature/register.ts';
import { schemasFile } from './new-feature/schemas.ts';
import { indexFile, repositoryFile, serviceFile } from './new-feature/slice.ts';

/**
 * Writes a working slice, on an existing table or a new one:
 *
 *     npm run new-feature -- receipts --table Payments --title Recibos
 *     npm run new-feature -- coupons --source sql --title Cupons
 *
 * Regenerates the scripts in `db/` and the golden files of the contract.
 */
const ROOT = new URL('../../', import.meta.url);
const TABLES = 'src/company/tables.ts';
const FEATURES = 'src/features/index.ts';

async function main(): Promise<void> {
  const plan = planFeature(Bun.argv.slice(2), {
    features: features.map(({ name }) => name),
    tables: Object.values(tables),
  });
  const files = await filesOf(plan);
  for (const [path, text] of files) await Bun.write(new URL(path, ROOT), text);
  const paths = files.map(([path]) => path);
  await run('The files could not be formatted', ['run', '--bun', 'biome', 'check', '--write', ...paths]);
  await run('The documents could not be made', ['--no-env-file', 'src/cli/document.ts']);
  const golden = ['tests/contract/openapi.test.ts', 'tests/contract/catalogue.test.ts'];
  await run('The golden files could not be made', ['test', '--timeout=60000', ...golden, '-t', 'golden one']);
  console.log(
    `Written:\n${paths.map((path) => `  ${path}\n`).join('')}and regenerated: db/*.sql, tests/contract/golden`,
  );
  console.log(`Next: the words in src/features/${plan.name}/schemas.ts, then its rules and its oracle.`);
  console.log(`Test it: npm run test:some -- tests/features/agreement.property.test.ts -t ${plan.name}`);
}

/** Path and text of each file that is written or changed. */
async function filesOf(plan: FeaturePlan): Promise<[path: string, text: string][]> {
  const { name, table, newColumns } = plan;
  const read = (path: string) => Bun.file(new URL(path, ROOT)).text();
  const declared: [string, string][] =
    newColumns === null ? [] : [[TABLES, withTable(await read(TABLES), table, newColumns)]];
  return [
    [`src/features/${name}/schemas.ts`, schemasFile(plan)],
    [`src/features/${name}/repository.ts`, repositoryFile(plan)],
    [`src/features/${name}/service.ts`, serviceFile(plan)],
    [`src/features/${name}/index.ts`, indexFile(plan)],
    [`tests/features/${name}/oracle.ts`, oracleFile(plan)],
    [FEATURES, withFeature(await read(FEATURES), plan)],
    ...declared,
  ];
}

/** Runs a step in a separate process, since this one has loaded the old declarations. */
async function run(failure: string, args: readonly string[]): Promise<void> {
  // Only the tests read UPDATE_GOLDEN.
  const command = $`UPDATE_GOLDEN=1 ${process.execPath} ${args}`.cwd(Bun.fileURLToPath(ROOT)).quiet().nothrow();
  const { exitCode, stdout, stderr } = await command;
  if (exitCode !== 0) throw new Error(`${failure}:\n${stdout}${stderr}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PlanError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exit(2);
}
