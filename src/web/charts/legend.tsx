import type { Tone } from './palette.ts';

interface LegendItem {
  readonly title: string;
  readonly tone: Tone;
  readonly form: 'area' | 'line' | 'bar' | 'before';
}

/** The colour and form of each series. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul class="legend" aria-hidden="true">
      {items.map(({ title, tone, form }) => (
        <li key={title} class="legend-item">
          <span class={`legend-mark legend-${form} tone-${tone}`} />
          {title}
        </li>
      ))}
    </ul>
  );
}
