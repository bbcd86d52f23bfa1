import type { FeatureName } from '../../client/index.ts';
import type { Route } from '../app/routes.ts';
import { useWatchedHistory } from '../history/use-history.ts';
import { CatalogueFigure } from '../live/catalogue-figure.tsx';
import { FigureChange } from '../live/figure-change.tsx';
import { aboutFeature, useLive } from '../live/live.ts';
import { figureTitle } from '../live/titles.ts';
import { OVERVIEW_HEADLINES } from '../overview/headlines.ts';
import { RevenueCard } from '../overview/revenue-card.tsx';
import { FeatureTrend } from './feature-trend.tsx';

const MOST_FIGURES = 6;

/** At most six figures, and a chart below them if the snapshot holds a series. */
export function WallView({ view }: { view: Route }) {
  if (view === 'overview') {
    return (
      <>
        <Figures figures={OVERVIEW_HEADLINES} />
        <RevenueCard class="wall-chart" />
      </>
    );
  }
  return <FeatureWall feature={view} />;
}

function FeatureWall({ feature }: { feature: FeatureName }) {
  const headlines = aboutFeature(useLive(), feature)?.headlines ?? [];
  return (
    <>
      <Figures figures={headlines.slice(0, MOST_FIGURES).map((path) => ({ feature, path }))} />
      <FeatureTrend feature={feature} />
    </>
  );
}

interface WallFigureProps {
  readonly feature: FeatureName;
  readonly path: string;
}

function Figures({ figures }: { figures: readonly WallFigureProps[] }) {
  return (
    <div class={`wall-figures wall-figures-${figures.length}`}>
      {figures.map(({ feature, path }) => (
        <WallFigure key={path} feature={feature} path={path} />
      ))}
    </div>
  );
}

function WallFigure({ feature, path }: WallFigureProps) {
  const live = useLive();
  useWatchedHistory(feature);
  return (
    <div class="wall-figure">
      <p class="wall-figure-title">{figureTitle(live, feature, path)}</p>
      <CatalogueFigure feature={feature} path={path} size="wall" />
      <FigureChange feature={feature} path={path} />
    </div>
  );
}
