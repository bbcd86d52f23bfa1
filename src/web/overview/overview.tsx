import { FEATURE_NAMES } from '../../client/index.ts';
import { HistoryNote } from '../history/history-note.tsx';
import { CatalogueFigure } from '../live/catalogue-figure.tsx';
import { FigureChange } from '../live/figure-change.tsx';
import { useLive } from '../live/live.ts';
import { figureTitle } from '../live/titles.ts';
import { words } from '../words/words.ts';
import { Attention } from './attention.tsx';
import { FeatureCard } from './feature-card.tsx';
import { OVERVIEW_HEADLINES } from './headlines.ts';
import { LatestCard } from './latest-card.tsx';
import { RevenueCard } from './revenue-card.tsx';

export function Overview() {
  return (
    <div class="overview">
      <Attention />
      <RevenueCard />
      <Headlines />
      <HistoryNote features={FEATURE_NAMES} />
      <div class="overview-features">
        {FEATURE_NAMES.map((name) => (
          <FeatureCard key={name} feature={name} />
        ))}
        <LatestCard />
      </div>
    </div>
  );
}

function Headlines() {
  const live = useLive();
  return (
    <section class="card headlines" aria-label={words.value.keyFigures}>
      {OVERVIEW_HEADLINES.map(({ feature, path }) => (
        <div key={path} class="headline">
          <p class="headline-title">{figureTitle(live, feature, path)}</p>
          <p class="headline-value">
            <CatalogueFigure feature={feature} path={path} size="headline" />
          </p>
          <FigureChange feature={feature} path={path} />
        </div>
      ))}
    </section>
  );
}
