import type { ComponentChildren } from 'preact';
import type { FeatureName } from '../../client/index.ts';
import { Icon } from '../design/icon.tsx';
import { Skeleton } from '../design/parts.tsx';
import { format } from '../format/formatting.ts';
import { HistoryCard } from '../history/history-card.tsx';
import { HistoryNote } from '../history/history-note.tsx';
import { useWatchedHistory } from '../history/use-history.ts';
import { CatalogueFigure } from '../live/catalogue-figure.tsx';
import { stateOf } from '../live/feature-status.tsx';
import { FigureChange } from '../live/figure-change.tsx';
import { aboutFeature, useLive } from '../live/live.ts';
import { figureTitle } from '../live/titles.ts';
import { words } from '../words/words.ts';
import { ProblemsLine } from './problems-line.tsx';

interface ViewPageProps {
  readonly feature: FeatureName;
  readonly children: ComponentChildren;
}

/** The parts that all views share: stale band, headlines and data problems, around the view's own content. */
export function ViewPage({ feature, children }: ViewPageProps) {
  const live = useLive();
  const about = aboutFeature(live, feature);
  useWatchedHistory(feature);
  const ready = about !== undefined && live.snapshots[feature].value !== undefined;
  return (
    <div class="view">
      <SourceBand feature={feature} />
      {ready ? (
        <>
          <Headlines feature={feature} paths={about.headlines} />
          <HistoryNote features={[feature]} />
          <HistoryCard feature={feature} />
          {children}
          <ProblemsLine feature={feature} />
        </>
      ) : (
        <ViewSkeleton feature={feature} />
      )}
    </div>
  );
}

function Headlines({ feature, paths }: { feature: FeatureName; paths: readonly string[] }) {
  const live = useLive();
  return (
    <section class="tiles" aria-label={words.value.keyFigures}>
      {paths.map((path) => (
        <div key={path} class="card tile">
          <p class="headline-title">{figureTitle(live, feature, path)}</p>
          <p class="tile-value">
            <CatalogueFigure feature={feature} path={path} size="headline" />
          </p>
          <FigureChange feature={feature} path={path} />
        </div>
      ))}
    </section>
  );
}

/** Says since when a feature is stale or without a source, and why. */
function SourceBand({ feature }: { feature: FeatureName }) {
  const state = stateOf(useLive(), feature);
  if (state.kind !== 'stale' && state.kind !== 'no-source') return null;
  const { noSourceSince, staleSince, staleBecause } = words.value;
  return (
    <p class="stale-band" role="status">
      <Icon name="warning" />
      <span>
        {(state.kind === 'stale' ? staleSince : noSourceSince)(
          format.value.instant(new Date(state.since).toISOString()),
        )}{' '}
        {state.reason !== null && (
          <>
            {staleBecause} <span lang="en">{state.reason}</span>
          </>
        )}
      </span>
    </p>
  );
}

/** Reserves the space of a view's figures unless its feature has no source. */
function ViewSkeleton({ feature }: { feature: FeatureName }) {
  if (stateOf(useLive(), feature).kind === 'no-source') return null;
  return (
    <div class="view-skeleton" role="status" aria-label={words.value.waitingForFigures}>
      <div class="tiles">
        {[1, 2, 3, 4].map((place) => (
          <div key={place} class="card tile">
            <Skeleton shape="line" />
            <Skeleton shape="figure" />
          </div>
        ))}
      </div>
      <div class="card view-skeleton-chart">
        <Skeleton shape="chart" />
      </div>
    </div>
  );
}
