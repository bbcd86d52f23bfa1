import { namesOf } from './names.ts';
import type { FeaturePlan } from './plan.ts';
import { when } from './words.ts';

/** The oracle of a slice: computes the expected figures from all rows, without code of the slice. */
export function oracleFile(plan: FeaturePlan): string {
  const { name, table, group, amount, instant } = plan;
  const names = namesOf(plan);
  const code = group.kind === 'code';
  const total = (rows: string) => `rounded(sum(${rows}.map(({ ${amount} }) => brl(${amount}))))`;
  return `${when(code, "import { tables } from '../../../src/company/tables.ts';\nimport { groupName } from '../../oracle/codes.ts';\n")}import { ${when(
    amount,
    'brl, mean, ',
  )}percentage${when(amount, ', rounded, sum')} } from '../../oracle/exact.ts';
import type { Answer, Company } from '../../oracle/rows.ts';
import { byText, grouped, sorted${when(instant, ', withinLastDays')} } from '../../oracle/rules.ts';

export function ${name}Oracle({ ${table}: rows }: Company${when(instant, ', now: number')}): Answer {
${nameLines(plan)}  const groups = sorted(
    grouped(rows, nameOf).map(([name, own]) => ({
      ${names.group}: name,
      Count: own.length,
${when(amount, `      TotalAmount: ${total('own')},\n`)}      Percentage: percentage(own.length, rows.length),
    })),
    (left, right) => right.Count - left.Count,
    (left, right) => byText(left.${names.group}, right.${names.group}),
  );
  const largest = groups[0]?.Count ?? 0;
  return {
    data: {
      summary: {
        ${names.total}: rows.length,
${when(instant, `        ${names.recent}: rows.filter(({ ${instant} }) => withinLastDays(${instant}, now, 30)).length,\n`)}${when(
  amount,
  `        TotalAmount: ${total('rows')},\n        AverageAmount: rounded(mean(rows.map(({ ${amount} }) => brl(${amount})))),\n`,
)}        ${names.groups}: groups.length,
        ${names.largest}: largest,
        ${names.share}: percentage(largest, rows.length),
      },
      ${names.list}: groups,
    },
    unavailable: [],
  };
}
`;
}

/** The expression for the group of a row in the oracle. */
function nameLines({ table, group: { column, kind } }: FeaturePlan): string {
  const row = `({ ${column} }: Company['${table}'][number])`;
  switch (kind) {
    case 'label':
      return `  const nameOf = ${row} => ${column}.trim();\n`;
    case 'numeric-code':
      return `  const nameOf = ${row} => (${column} === null ? '' : String(${column}));\n`;
    case 'code':
      return `  const spelling = ${row} => tables.${table}.columns.${column}.codes?.name(${column}) ?? ${column};
  const spellings = rows.map(spelling);
  const nameOf = (row: Company['${table}'][number]) => groupName([], spelling(row), spellings);
`;
  }
}
