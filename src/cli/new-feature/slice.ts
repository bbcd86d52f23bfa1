import { figuresOf, namesOf } from './names.ts';
import type { FeaturePlan } from './plan.ts';
import { titleLiteral, when } from './words.ts';

/** The files of a slice. The formatter sorts their imports and breaks their lines. */

const HEADLINES = 5;

export function repositoryFile(plan: FeaturePlan): string {
  const { name, pascal, table, group, amount, instant } = plan;
  const names = namesOf(plan);
  const read = [group.column, amount, instant].filter((column) => column !== null);
  const groupType = group.kind === 'numeric-code' ? 'number | null' : 'string';
  return `import { tables } from '../../company/tables.ts';
${when(amount, "import type { Cents } from '../../core/figures/money.ts';\n")}import type { TableColumns } from '../../core/mirror/catalog.ts';
import { relationOf } from '../../core/mirror/expression.ts';
import type { MirrorObject } from '../../core/mirror/mirror-object.ts';
import type { MirrorReader } from '../../core/mirror/reader.ts';
import { ${when(instant, 'hourlyRollup, ')}part, type Rollup, rollup } from '../../core/mirror/rollup.ts';
${when(instant, "import type { Span } from '../../core/figures/span.ts';\n")}
export const ${name}Reads: TableColumns = {
  ${table}: [${read.map((column) => `'${column}'`).join(', ')}],
};

/** Rows that share a value of \`${group.column}\`. */
export interface ${pascal}Group {
  readonly ${group.column}: ${groupType};
  readonly count: number;
${when(amount, '  readonly cents: Cents;\n')}}

const ${name}By${names.group}: Rollup<${pascal}Group> = rollup(
  '${pascal}By${names.group}',
  part(relationOf(tables.${table}), ({ column }) => ({
    by: { ${group.column}: column('${group.column}') },
${when(amount, `    sums: { cents: column('${amount}') },\n`)}  })),
);
${when(instant, `\nconst ${name}ByHour = hourlyRollup('${pascal}ByHour', tables.${table}, '${instant}');\n`)}
export const ${name}Objects: readonly MirrorObject[] = [${name}By${names.group}${when(instant, `, ${name}ByHour`)}];

export interface ${pascal}Repository {
  groups(): ${pascal}Group[];
${when(instant, '  /** How many rows lie in a span. */\n  countIn(span: Span): number;\n')}}

/** Queries only: rules and the clock belong to the service. */
export function create${pascal}Repository(reader: MirrorReader): ${pascal}Repository {
  return {
    groups: () => reader.rows(${name}By${names.group}),
${when(instant, `    countIn: (span) => reader.totals(${name}ByHour, [span])[0]?.count ?? 0,\n`)}  };
}
`;
}

export function serviceFile(plan: FeaturePlan): string {
  const { pascal, group, amount, instant } = plan;
  const names = namesOf(plan);
  const sum = (field: string) => `groups.reduce((total, { ${field} }) => total + ${field}, 0)`;
  return `${when(group.kind !== 'label', `import { ${group.kind === 'code' ? 'mergeByCode' : 'numericCode'} } from '../../core/figures/codes.ts';\n`)}${when(
    amount,
    "import { meanReais, toReais } from '../../core/figures/money.ts';\n",
  )}import { mostFirst } from '../../core/figures/ordering.ts';
import { percentage } from '../../core/figures/rounding.ts';
${when(instant, "import { lastDaysTo } from '../../core/figures/span.ts';\n")}import type { FeatureService } from '../../core/runtime/define-feature.ts';
import type { ${pascal}Group, ${pascal}Repository } from './repository.ts';
import type { ${pascal}Data } from './schemas.ts';

${when(instant, 'const NEW_DAYS = 30;\n')}
export function create${pascal}Service(repository: ${pascal}Repository): FeatureService<${pascal}Data> {
  return {
    snapshot(${when(instant, '{ now }')}) {
      const groups = repository.groups();
      const ${names.list} = group${names.list.charAt(0).toUpperCase()}${names.list.slice(1)}(groups);
      const all = ${sum('count')};
      const largest = ${names.list}[0]?.Count ?? 0;
${when(amount, `      const cents = ${sum('cents')};\n`)}      return {
        data: {
          summary: {
            ${names.total}: all,
${when(instant, `            ${names.recent}: repository.countIn(lastDaysTo(now, NEW_DAYS)),\n`)}${when(
  amount,
  '            TotalAmount: toReais(cents),\n            AverageAmount: meanReais(cents, all),\n',
)}            ${names.groups}: ${names.list}.length,
            ${names.largest}: largest,
            ${names.share}: percentage(largest, all),
          },
          ${names.list},
        },
        unavailable: [],
      };
    },
  };
}

function groupBy${names.group}(groups: readonly ${pascal}Group[]): ${pascal}Data['${names.list}'] {
  const all = ${sum('count')};
${groupingLines(plan)}    .sort(
      mostFirst(
        ({ Count }) => Count,
        ({ ${names.group} }) => ${names.group},
      ),
    );
}
`;
}

/** The groups as rows of the list. Spellings of a code that differ only in letter case are one. */
function groupingLines(plan: FeaturePlan): string {
  const { group, amount } = plan;
  const names = namesOf(plan);
  const fields = (name: string) =>
    `{ ${name}, Count: count, ${when(amount, 'TotalAmount: toReais(cents), ')}Percentage: percentage(count, all) }`;
  const sums = `count${when(amount, ', cents')}`;
  if (group.kind !== 'code') {
    const value = group.kind === 'label' ? group.column : `numericCode([], ${group.column})`;
    const named = value === names.group ? names.group : `${names.group}: ${value}`;
    return `  return groups\n    .map(({ ${group.column}, ${sums} }) => (${fields(named)}))\n`;
  }
  const total = `{ count: total.count + count${when(amount, ', cents: total.cents + cents')} }`;
  return `  const byName = mergeByCode(
    groups,
    ({ ${group.column} }) => ${group.column},
    () => ({ count: 0${when(amount, ', cents: 0')} }),
    (total, { ${sums} }) => (${total}),
  );
  return [...byName]
    .map(([name, { ${sums} }]) => (${fields(`${names.group}: name`)}))
`;
}

export function indexFile(plan: FeaturePlan): string {
  const { name, pascal, title, source, table } = plan;
  const names = namesOf(plan);
  const headlines = figuresOf(plan)
    .slice(0, HEADLINES)
    .map((figure) => `'summary.${figure}'`);
  return `import { defineFeature, partsOf } from '../../core/runtime/define-feature.ts';
import { figuresEvent } from '../../core/runtime/figures-event.ts';
import { create${pascal}Repository, ${name}Objects, ${name}Reads } from './repository.ts';
import { ${pascal}Data } from './schemas.ts';
import { create${pascal}Service } from './service.ts';

export const ${name} = defineFeature({
  name: '${name}',
  title: ${titleLiteral(title.en, title.pt)},
  description: 'Rows of ${table}',
  source: '${source}',
  reads: ${name}Reads,
  objects: ${name}Objects,
  schema: ${pascal}Data,
  headlines: [${headlines.join(', ')}],
  repository: create${pascal}Repository,
  service: create${pascal}Service,
  parts: partsOf(${pascal}Data, { summary: 'summary', ${names.list}: '${names.path}' }),
  hub: { events: [figuresEvent('${pascal}Update', ${pascal}Data, ['summary'])] },
});
`;
}
