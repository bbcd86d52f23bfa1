import type { ComponentChildren } from 'preact';
import type { FeatureName } from '../../client/index.ts';
import { Card } from '../design/parts.tsx';
import { CatalogueFigure } from '../live/catalogue-figure.tsx';
import type { FigurePath } from '../live/figure-path.ts';
import { useLive } from '../live/live.ts';
import { figureTitle } from '../live/titles.ts';

interface FigureListProps<Name extends FeatureName> {
  readonly feature: Name;
  readonly title: string;
  readonly paths: readonly FigurePath<Name>[];
  readonly class?: string;
  /** Pairs that the catalogue does not have. */
  readonly children?: ComponentChildren;
}

/** Figures of the catalogue as label and value. */
export function FigureList<Name extends FeatureName>({
  feature,
  title,
  paths,
  class: className = '',
  children,
}: FigureListProps<Name>) {
  const live = useLive();
  return (
    <Card title={title} class={className}>
      <dl class="figure-list">
        {paths.map((path) => (
          <div key={path} class="pair">
            <dt>{figureTitle(live, feature, path)}</dt>
            <dd>
              <CatalogueFigure feature={feature} path={path} />
            </dd>
          </div>
        ))}
        {children}
      </dl>
    </Card>
  );
}
