import { describe, expect, test } from 'bun:test';
import { oracleFile } from '../../src/cli/new-feature/oracle.ts';
import { type FeaturePlan, PlanError, planFeature } from '../../src/cli/new-feature/plan.ts';
import { withFeature, withTable } from '../../src/cli/new-feature/register.ts';
import { schemasFile } from '../../src/cli/new-feature/schemas.ts';
import { indexFile, repositoryFile, serviceFile } from '../../src/cli/new-feature/slice.ts';
import { tables } from '../../src/company/tables.ts';

const existing = { features: ['claims'], tables: Object.values(tables) };
const plan = (...args: string[]): FeaturePlan => planFeature(args, existing);

describe('the plan of a feature', () => {
  test('on a new table has its columns, and says what they are for', () => {
    expect(plan('coupons', '--source', 'sql', '--title', 'cupons')).toEqual({
      name: 'coupons',
      pascal: 'Coupons',
      title: { en: 'Coupons', pt: 'Cupons' },
      source: 'sql',
      table: 'Coupons',
      newColumns: [
        { name: 'Name', kind: 'text', nullable: false },
        { name: 'Category', kind: 'label', nullable: false },
        { name: 'Amount', kind: 'money', nullable: false },
        { name: 'CreatedAt', kind: 'instant', nullable: false },
      ],
      group: { column: 'Category', kind: 'label' },
      amount: 'Amount',
      instant: 'CreatedAt',
    });
  });

  test('takes the columns that it is given; what may be null is neither grouped by nor added up', () => {
    const columns = 'Kind:label?,Status:numeric-code,Price:money?,UsedAt:instant?';
    expect(plan('coupons', '--source', 'sql', '--columns', columns)).toMatchObject({
      group: { column: 'Status', kind: 'numeric-code' },
      amount: null,
      instant: 'UsedAt',
    });
  });

  test.each([
    ['Payments', 'sql', 'Status', 'Amount', 'CreatedAt'],
    ['Chargebacks', 'sql', 'Status', 'Amount', 'CreatedAt'],
    ['Files', 'sql', 'FeatureCategoria', null, null],
    ['support_tickets', 'documents', 'status', null, null],
  ] as const)('on %s reads it as it is', (table, source, column, amount, instant) => {
    const made = plan('receipts', '--table', table);
    expect(made).toMatchObject({ table, source, newColumns: null, amount, instant });
    expect(made.group.column).toBe(column);
  });

  test.each([
    [['Coupons'], '"Coupons" is no name'],
    [[], 'One name is needed'],
    [['coupons', 'vouchers'], 'One name is needed'],
    [['hubs'], 'hubs is a path of the server'],
    [['claims'], 'There is a feature claims'],
    [['coupons'], 'There is no table Coupons: --source sql makes it'],
    [['coupons', '--table', 'Courses'], 'Courses has nothing to group by'],
    [['entries', '--table', 'logs'], 'logs has nothing to group by'],
    [['coupons', '--table', 'Payments', '--source', 'sql'], 'There is a table Payments'],
    [['coupons', '--table', 'my coupons', '--source', 'sql'], '"my coupons" is no name of a table'],
    [['coupons', '--source', 'mongo'], 'Only tables of SQL Server can be made'],
    [['coupons', '--source', 'sql', '--columns', 'Amount:euro'], '"Amount:euro" is no column'],
    [['coupons', '--source', 'sql', '--columns', 'Id:text'], 'The column Id is there twice'],
    [['coupons', '--color', 'red'], "Unknown option '--color'"],
  ])('refuses %j', (args, message) => {
    expect(() => plan(...args)).toThrow(PlanError);
    expect(() => plan(...args)).toThrow(message);
  });
});

describe('the declarations', () => {
  test('have the new table after the other tables of SQL Server', () => {
    const source = 'export const tables = {\n  support_tickets: collection(\n  ),\n};\n';
    const columns = [
      { name: 'Amount', kind: 'money', nullable: false },
      { name: 'UsedAt', kind: 'instant', nullable: true },
    ] as const;
    expect(withTable(source, 'Coupons', columns)).toBe(`export const tables = {
  Coupons: table('Coupons', {
    Id: numberKey(),
    Amount: money(),
    UsedAt: nullable(instant()),
  }),

  support_tickets: collection(
  ),
};
`);
  });

  test.each(['[claims]', '[claims,\n]'])('have the new feature at the end of the list %j', (list) => {
    expect(withFeature(`export const features = ${list};\n`, { name: 'coupons' })).toBe(
      "import { coupons } from './coupons/index.ts';\nexport const features = [claims, coupons];\n",
    );
  });

  test('that have lost their place are not guessed at', () => {
    expect(() => withTable('', 'Coupons', [])).toThrow('src/company/tables.ts has no');
    expect(() => withFeature('', { name: 'coupons' })).toThrow('src/features/index.ts has no');
  });
});

describe('the files of a slice', () => {
  const transpiler = new Bun.Transpiler({ loader: 'ts' });
  const template = ([name, write]: [string, (plan: FeaturePlan) => string]) => [name, write] as const;
  const templates = Object.entries({ schemasFile, repositoryFile, serviceFile, indexFile, oracleFile }).map(template);
  const groups = ['Kind:label', 'Kind:numeric-code'];
  const rest = ['', ',Amount:money', ',UsedAt:instant', ',Amount:money,UsedAt:instant'];
  const columns = groups.flatMap((group) => rest.map((more) => group + more));
  const plans = [
    ...columns.map((list) => plan('coupons', '--source', 'sql', '--columns', list, '--title', "Cupons d'água")),
    ...['Payments', 'Files', 'support_tickets'].map((table) => plan('receipts', '--table', table)),
  ];

  test.each(templates)('%s is TypeScript for any table', (_, write) => {
    for (const each of plans) expect(() => transpiler.scan(write(each))).not.toThrow();
  });

  test('name no column that the table lacks', () => {
    const [counted] = plans;
    if (counted === undefined) throw new Error('There are plans');
    const text = templates.map(([, write]) => write(counted)).join('\n');
    expect(text).not.toMatch(/Amount|Last30Days|null\b|undefined/);
    expect(text).toContain('"Cupons d\'água"');
  });

  test('have between 4 and 5 headlines for any table', () => {
    for (const each of plans) {
      const [, headlines = ''] = /headlines: \[(.*)\]/.exec(indexFile(each)) ?? [];
      expect(headlines.split(', ').length).toBeOneOf([4, 5]);
    }
  });
});
