import type { FeatureName } from '../../client/index.ts';
import type { FigurePath } from '../live/figure-path.ts';

type Headline = { [Name in FeatureName]: { readonly feature: Name; readonly path: FigurePath<Name> } }[FeatureName];

/** The figures beside the revenue chart, and on the wall's overview. */
export const OVERVIEW_HEADLINES: readonly Headline[] = [
  { feature: 'financial', path: 'revenue.MonthlyRevenue' },
  { feature: 'subscriptions', path: 'summary.MonthlyRecurringRevenue' },
  { feature: 'subscriptions', path: 'summary.ActiveSubscriptions' },
  { feature: 'claims', path: 'summary.CriticalClaims' },
];
