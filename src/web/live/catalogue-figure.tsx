import type { FeatureName } from '../../client/index.ts';
import { words } from '../words/words.ts';
import { Figure } from './figure.tsx';
import { numberAt } from './figure-path.ts';
import { useLive } from './live.ts';
import { describedFigure } from './titles.ts';

interface CatalogueFigureProps {
  readonly feature: FeatureName;
  readonly path: string;
  readonly size?: 'text' | 'headline' | 'wall';
}

/** The current value of a figure of the catalogue, formatted by its unit. */
export function CatalogueFigure({ feature, path, size = 'text' }: CatalogueFigureProps) {
  const live = useLive();
  const described = describedFigure(live, feature, path);
  const snapshot = live.snapshots[feature].value;
  const value = numberAt(snapshot?.data, path);
  const missing = snapshot?.unavailable.find(({ figure }) => figure === path);
  return (
    <Figure
      name={`${feature}.${path}`}
      value={value}
      unit={described?.unit ?? 'count'}
      size={size}
      {...(missing === undefined ? {} : { why: words.value.missingColumn(missing.column) })}
    />
  );
}
