import { useRef } from 'preact/hooks';
import type { FeatureName } from '../../client/index.ts';
import { format } from '../format/formatting.ts';
import { words } from '../words/words.ts';
import type { Unit } from './catalogue.ts';

interface FigureProps {
  /** Path of the value, for tests and scripts that read the page: `claims.summary.WinRate`. */
  readonly name: `${FeatureName}.${string}`;
  readonly value: number | null;
  readonly unit: Unit;
  readonly size?: 'text' | 'headline' | 'wall';
  /** Why there is no value. */
  readonly why?: string;
}

/** A rounded number with the exact value as its title. It is tinted for a second after a change. */
export function Figure({ name, value, unit, size = 'text', why }: FigureProps) {
  const before = useRef(value);
  const changes = useRef(0);
  if (before.current !== value) {
    before.current = value;
    changes.current += 1;
  }
  const text = value === null ? '–' : format.value.glance(value, unit);
  return (
    <span
      // A new key creates a new element, which restarts the animation.
      key={changes.current}
      class={`figure figure-${size} ${changes.current > 0 ? 'figure-changed' : ''}`}
      // The wall fits its figures into their cells by it.
      style={{ '--characters': text.length }}
      data-figure={name}
      data-value={value ?? ''}
      title={value === null ? (why ?? words.value.noFigure) : format.value.exact(value, unit)}
    >
      {text}
    </span>
  );
}
