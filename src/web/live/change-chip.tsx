import type { GoodDirection } from './catalogue.ts';

interface ChangeChipProps {
  /** Only the sign matters. */
  readonly change: number;
  readonly text: string;
  readonly against: string;
  readonly good: GoodDirection;
}

/** A change with sign, arrow and what it is compared with; green or red by the figure's good direction. */
export function ChangeChip({ change, text, against, good }: ChangeChipProps) {
  return (
    <span class={`chip chip-${judged(change, good)}`}>
      <span class="chip-value">
        {change !== 0 && <span aria-hidden="true">{change > 0 ? '▲' : '▼'} </span>}
        {text}
      </span>
      <span>{against}</span>
    </span>
  );
}

function judged(change: number, good: GoodDirection): 'good' | 'bad' | 'plain' {
  if (change === 0 || good === 'neither') return 'plain';
  return change > 0 === (good === 'up') ? 'good' : 'bad';
}
