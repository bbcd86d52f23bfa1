import type { FeatureName } from '../../client/index.ts';
import { CatalogueFigure, describedFigure } from '../live/catalogue-figure.tsx';
import { FigureChange } from '../live/figure-change.tsx';
import { FEATURE_NAMES, useLive } from '../live/live.ts';
import { titleText, words } from '../words/words.ts';
import { Attention } from './attention.tsx';
import { FeatureCard } from './feature-card.tsx';
import { RevenueCard } from './revenue-card.tsx';

/** The figures beside the revenue: how are we today? */
export const OVERVIEW_HEADLINES: readonly { readonly feature: FeatureName; readonly path: string }[] = [
  { feature: 'financial', path: 'revenue.MonthlyRevenue' },
  { feature: 'subscriptions', path: 'summary.MonthlyRecurringRevenue' },
  { feature: 'subscriptions', path: 'summary.ActiveSubscriptions' },
  { feature: 'claims', path: 'summary.CriticalClaims' },
];

export function Overview() {
  return (
    <div class="overview">
      <Attention />
      <RevenueCard />
      <Headlines />
      <div class="overview-features">
        {FEATURE_NAMES.map((name) => (
          <FeatureCard key={name} feature={name} />
        ))}
      </div>
    </div>
  );
}

function Headlines() {
  const live = useLive();
  return (
    <section class="card headlines" aria-label={words.value.keyFigures}>
      {OVERVIEW_HEADLINES.map(({ feature, path }) => {
        const described = describedFigure(live, feature, path);
        return (
          <div key={path} class="headline">
            <p class="headline-title">{described === undefined ? '' : titleText(described.title)}</p>
            <p class="headline-value">
              <CatalogueFigure feature={feature} path={path} size="headline" />
            </p>
            <FigureChange feature={feature} path={path} />
          </div>
        );
      })}
    </section>
  );
}
