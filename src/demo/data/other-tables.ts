import type { Column } from '../../company/column.ts';
import type { Table } from '../../company/table.ts';
import { DAY_MS, type Instant, isoInstant } from '../../core/figures/calendar.ts';
import { uuidAt } from './identifiers.ts';
import { type Random, randomStream } from './random.ts';
import type { Rhythm } from './rhythm.ts';
import type { CompanySpec } from './spec.ts';
import type { StoredValue } from './stored-row.ts';

const ROWS = 1_000;
const AT_LEAST = 40;
const GROUPS = ['Cursos', 'Assinaturas', 'Parceiros', 'Campanhas'] as const;
const NULL_SHARE = 0.1;

/**
 * Generates plausible rows for a table without its own generator: values that its columns allow, with instants in the
 * company's rhythm. A table whose rows must be consistent with other tables needs its own generator.
 */
export function generateOtherTable(
  spec: CompanySpec,
  rhythm: Rhythm,
  table: Table,
  sink: (row: Readonly<Record<string, StoredValue>>) => void,
): void {
  const random = randomStream(spec.seed, table.name);
  const count = Math.max(AT_LEAST, Math.round(ROWS * spec.scale));
  rhythm.instants(random, count).forEach((created, index) => {
    const values = Object.entries(table.columns).map(([name, column]) => {
      const isNull = column.nullable && random.chance(NULL_SHARE);
      return [name, isNull ? null : drawValue(column, name, { index, created, random, spec })] as const;
    });
    sink(Object.fromEntries(values));
  });
}

interface Place {
  readonly index: number;
  readonly created: Instant;
  readonly random: Random;
  readonly spec: CompanySpec;
}

function drawValue({ kind, isText }: Column, name: string, { index, created, random, spec }: Place): StoredValue {
  switch (kind) {
    case 'key':
      return isText ? uuidAt(created, random) : index + 1;
    case 'reference':
      return isText ? uuidAt(created, random) : random.between(1, AT_LEAST);
    case 'text':
      return `${name} ${index + 1}`;
    case 'label':
    case 'code':
      return random.pick(GROUPS);
    case 'numeric-code':
      return random.below(GROUPS.length);
    case 'money':
      return random.between(500, 50_000) / 100;
    case 'quantity':
      return random.below(100);
    case 'instant':
      return isoInstant(Math.min(created + random.below(DAY_MS), spec.anchor - 1));
    case 'duration':
      return `00:${random.between(10, 59)}:00.000`;
    case 'flag':
      return random.below(2);
  }
}
