import type { FeatureName } from '../../client/index.ts';
import { hrefOf } from '../app/routes.ts';
import { Sparkline } from '../charts/sparkline.tsx';
import { Icon } from '../design/icon.tsx';
import { EmptyState, Skeleton } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { useHeadlineHistory, useWatchedHistory } from '../history/use-history.ts';
import { CatalogueFigure } from '../live/catalogue-figure.tsx';
import { FeatureStatusLine, stateOf } from '../live/feature-status.tsx';
import { FigureChange } from '../live/figure-change.tsx';
import { aboutFeature, useLive } from '../live/live.ts';
import { featureTitle, figureTitle } from '../live/titles.ts';
import { words } from '../words/words.ts';
import { FeatureComposition } from './feature-composition.tsx';
import { featureSeries } from './feature-series.ts';

/** The card of a feature; the whole card links to its view. */
export function FeatureCard({ feature }: { feature: FeatureName }) {
  const live = useLive();
  const about = aboutFeature(live, feature);
  const snapshot = live.snapshots[feature].value;
  const [headline, ...others] = about?.headlines ?? [];
  const title = featureTitle(live, feature);
  useWatchedHistory(feature);
  return (
    <section class="card feature-card" aria-label={title}>
      <header class="feature-card-head">
        <Icon name={feature} />
        <h2 class="card-title">
          <a class="feature-card-link" href={hrefOf(feature)}>
            {title}
          </a>
        </h2>
        <FeatureStatusLine feature={feature} />
      </header>
      {snapshot === undefined || headline === undefined ? (
        <WithoutFigures feature={feature} />
      ) : (
        <>
          <div class="feature-card-headline">
            <p class="headline-title">{figureTitle(live, feature, headline)}</p>
            <CatalogueFigure feature={feature} path={headline} size="headline" />
            <FigureChange feature={feature} path={headline} />
          </div>
          <div class="feature-card-series">
            <CardSeries feature={feature} headline={headline} />
          </div>
          <dl class="feature-card-figures">
            {others.slice(0, 3).map((path) => (
              <div key={path} class="pair">
                <dt>{figureTitle(live, feature, path)}</dt>
                <dd>
                  <CatalogueFigure feature={feature} path={path} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

/** The headline over the chosen range; while its history is too short for that, the main series of the snapshot. */
function CardSeries({ feature, headline }: { feature: FeatureName; headline: string }) {
  const live = useLive();
  const history = useHeadlineHistory(feature, headline);
  if (history?.isTelling === true) {
    return <Sparkline key="history" values={history.values} unfinished={false} before={history.before} />;
  }
  const series = featureSeries(live, feature);
  if (series === undefined) return <FeatureComposition feature={feature} />;
  return <Sparkline key="snapshot" values={series.values} unfinished={series.axis.unfinished} />;
}

/** Why a feature has no figures; their place while they are loading. */
function WithoutFigures({ feature }: { feature: FeatureName }) {
  const state = stateOf(useLive(), feature);
  if (state.kind !== 'no-source') return <CardSkeleton />;
  return (
    <EmptyState icon="warning">
      {words.value.noSourceSince(format.value.instant(new Date(state.since).toISOString()))}{' '}
      {state.reason !== null && <span lang="en">{state.reason}</span>}
    </EmptyState>
  );
}

function CardSkeleton() {
  return (
    <div class="feature-card-skeleton" role="status" aria-label={words.value.waitingForFigures}>
      <Skeleton shape="line" />
      <Skeleton shape="figure" />
      <Skeleton shape="chart" />
    </div>
  );
}
