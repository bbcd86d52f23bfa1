import type { FeatureName } from '../../client/index.ts';
import { Icon } from '../design/icon.tsx';
import { format } from '../format/formatting.ts';
import { useLive } from '../live/live.ts';
import { words } from '../words/words.ts';

/** One line with the number of unreadable rows, which expands to where they are. */
export function ProblemsLine({ feature }: { feature: FeatureName }) {
  const problems = useLive().snapshots[feature].value?.problems ?? [];
  if (problems.length === 0) return null;
  const { problems: say } = words.value;
  const rows = problems.reduce((total, problem) => total + problem.rows, 0);
  const count = (value: number) => format.value.exact(value, 'count');
  return (
    <details class="problems">
      <summary>
        <Icon name="info" />
        <span>{say.line(rows, count(rows))}</span>
        <span class="problems-more">{say.details}</span>
      </summary>
      <ul>
        {problems.map(({ kind, table, column, rows: affected, example }) => (
          <li key={`${kind} ${table} ${column}`}>
            {kind === 'missing-column'
              ? say.missing(table, column ?? '')
              : say.where(table, column ?? '', count(affected), example ?? '')}
          </li>
        ))}
      </ul>
    </details>
  );
}
