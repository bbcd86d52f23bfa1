import type { GoodDirection } from './catalogue.ts';

interface ChangeChipProps {
  /** Only its sign counts. */
  readonly change: number;
  readonly text: string;
  readonly against: string;
  readonly good: GoodDirection;
}

/** A change with sign and arrow, and what it is compared with. Green or red by what is good for the figure. */
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
