import { namesOf } from './names.ts';
import type { FeaturePlan } from './plan.ts';
import { quoted, titleLiteral, when, wordsOf } from './words.ts';

export function schemasFile(plan: FeaturePlan): string {
  const { name, pascal, title, group, amount } = plan;
  const names = namesOf(plan);
  const words = wordsOf(group.column);
  const [en, pt] = [`${title.en} by ${words.en.toLowerCase()}`, `${title.pt} por ${words.pt.toLowerCase()}`];
  return `import { type Static, Type } from '@sinclair/typebox';
import { Count, List, ${when(amount, 'Money, ')}Percentage, Text } from '../../core/runtime/schema.ts';

const ${pascal}Summary = Type.Object(
  {
${summaryFields(plan).join('\n')}
  },
  { $id: '${pascal}Summary', description: 'Key figures of ${name}' },
);

const ${pascal}By${names.group} = Type.Object(
  {
${groupFields(plan).join('\n')}
  },
  { $id: '${pascal}By${names.group}', description: 'Rows that share a value of ${group.column}' },
);

export const ${pascal}Data = Type.Object(
  {
    summary: ${pascal}Summary,
    ${names.list}: List(${pascal}By${names.group}, ${quoted(`${en}, most first`)}, ${titleLiteral(en, pt)}),
  },
  { $id: '${pascal}Data', description: 'Every figure of the feature' },
);
export type ${pascal}Data = Static<typeof ${pascal}Data>;
`;
}

/** A line with a field of a schema: its type, description and label. */
function field(name: string, shape: string, description: string, label: string): string {
  return `    ${name}: ${shape}(${quoted(description)}, ${label}),`;
}

function summaryFields(plan: FeaturePlan): string[] {
  const { title, group, amount, instant } = plan;
  const names = namesOf(plan);
  const words = wordsOf(group.column);
  const recent = titleLiteral(`${title.en}, last 30 days`, `${title.pt}, últimos 30 dias`, 'up');
  const different = titleLiteral(
    `Different values of ${words.en.toLowerCase()}`,
    `Valores diferentes de ${words.pt.toLowerCase()}`,
  );
  const largest = titleLiteral('Rows of the largest group', 'Registros do maior grupo');
  const share = titleLiteral('Share of the largest group', 'Participação do maior grupo');
  const amounts = [
    field('TotalAmount', 'Money', 'Amount of all rows', titleLiteral('Total amount', 'Valor total', 'up')),
    field('AverageAmount', 'Money', 'Mean amount, 0 without a row', titleLiteral('Average amount', 'Valor médio')),
  ];
  return [
    field(names.total, 'Count', 'All rows', titleLiteral(title.en, title.pt, 'up')),
    ...(instant === null ? [] : [field(names.recent, 'Count', 'Rows of the last 30 days', recent)]),
    ...(amount === null ? [] : amounts),
    field(names.groups, 'Count', `How many values ${group.column} has`, different),
    field(names.largest, 'Count', 'Rows of the largest group', largest),
    field(names.share, 'Percentage', 'Share of the largest group, 0 without a row', share),
  ];
}

function groupFields(plan: FeaturePlan): string[] {
  const { title, group, amount } = plan;
  const words = wordsOf(group.column);
  const total = field('TotalAmount', 'Money', 'Amount of the group', titleLiteral('Amount', 'Valor'));
  return [
    field(namesOf(plan).group, 'Text', `Value of ${group.column}`, `${titleLiteral(words.en, words.pt)}, 'Cursos'`),
    field('Count', 'Count', 'Rows of the group', titleLiteral(title.en, title.pt)),
    ...(amount === null ? [] : [total]),
    field('Percentage', 'Percentage', 'Share of all rows', titleLiteral('Share', 'Participação')),
  ];
}
