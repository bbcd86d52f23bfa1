import type { FeaturePlan, NewColumn, NewColumnKind } from './plan.ts';

/** Adds a new slice to the existing declarations. */

const COLUMN_SOURCE: { readonly [Kind in NewColumnKind]: string } = {
  text: "text('nvarchar(100)')",
  label: "label('nvarchar(50)')",
  'numeric-code': 'numericCode()',
  money: 'money()',
  quantity: 'quantity()',
  instant: 'instant()',
  flag: 'flag()',
  reference: 'textReference()',
};
const FIRST_COLLECTION = '  support_tickets: collection(';
const FEATURES_END = '];';

/** `src/company/tables.ts` with the new table after the other tables of SQL Server. */
export function withTable(tablesSource: string, table: string, columns: readonly NewColumn[]): string {
  const fields = columns.map(({ name, kind, nullable }) => {
    const source = COLUMN_SOURCE[kind];
    return `    ${name}: ${nullable ? `nullable(${source})` : source},\n`;
  });
  const declaration = `  ${table}: table('${table}', {\n    Id: numberKey(),\n${fields.join('')}  }),\n\n`;
  return insertedBefore(tablesSource, FIRST_COLLECTION, declaration, 'src/company/tables.ts');
}

/** `src/features/index.ts` with the new feature at the end of the list. */
export function withFeature(indexSource: string, { name }: Pick<FeaturePlan, 'name'>): string {
  // In a list of several lines the formatter adds a trailing comma.
  const source = indexSource.replace(/,\s*\];/, '];');
  const listed = insertedBefore(source, FEATURES_END, `, ${name}`, 'src/features/index.ts');
  return `import { ${name} } from './${name}/index.ts';\n${listed}`;
}

function insertedBefore(source: string, mark: string, text: string, file: string): string {
  const at = source.lastIndexOf(mark);
  if (at < 0) throw new Error(`${file} has no "${mark.trim()}" to add before`);
  return source.slice(0, at) + text + source.slice(at);
}
