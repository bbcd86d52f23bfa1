import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { ShareChart } from '../../charts/share-chart.tsx';
import { TwoPartChart } from '../../charts/two-part-chart.tsx';
import { Card } from '../../design/parts.tsx';
import { CatalogueFigure } from '../../live/catalogue-figure.tsx';
import { useLive } from '../../live/live.ts';
import { columnTitle, figureTitle, listTitle } from '../../live/titles.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { NewestSubscriptions } from './newest-subscriptions.tsx';

type SubscriptionsData = FeatureData['subscriptions'];

export function SubscriptionsView() {
  const data = useLive().snapshots.subscriptions.value?.data;
  return (
    <ViewPage feature="subscriptions">
      {data !== undefined && (
        <div class="view-grid">
          <RevenueByPlan rows={data.byPlan} />
          <ActiveByPlan rows={data.byPlan} />
          <ByStatus summary={data.summary} />
          <Churn summary={data.summary} />
          <FigureList feature="subscriptions" title={words.value.moreFigures} paths={FIGURES} />
          <NewestSubscriptions rows={data.list} />
        </div>
      )}
    </ViewPage>
  );
}

const FIGURES = [
  'summary.MonthlyRecurringRevenue',
  'summary.AverageRevenuePerSubscription',
  'summary.TotalSubscriptions',
  'summary.ActiveSubscriptions',
  'summary.PausedSubscriptions',
  'summary.PendingSubscriptions',
  'summary.CancelledSubscriptions',
  'summary.ExpiringWithin7Days',
  'summary.ChurnRate',
  'summary.LifetimeChurnRate',
] as const;

/** More plans than any company sells at once; what is beyond is one bar. */
const MOST_PLANS = 12;

function RevenueByPlan({ rows }: { rows: SubscriptionsData['byPlan'] }) {
  const title = words.value.views.subscriptions.mrrByPlan;
  const measure = columnTitle(useLive(), 'subscriptions', 'byPlan', 'Mrr');
  const shares = useMemo(() => rows.map(({ PlanName, Mrr }) => ({ title: PlanName, value: Mrr })), [rows]);
  return (
    <Card title={title} class="span-half">
      <ShareChart title={title} measure={measure} unit="BRL" shares={shares} most={MOST_PLANS} />
    </Card>
  );
}

function ActiveByPlan({ rows }: { rows: SubscriptionsData['byPlan'] }) {
  const live = useLive();
  const title = listTitle(live, 'subscriptions', 'byPlan');
  const measure = columnTitle(live, 'subscriptions', 'byPlan', 'Active');
  const shares = useMemo(() => rows.map(({ PlanName, Active }) => ({ title: PlanName, value: Active })), [rows]);
  return (
    <Card title={title} class="span-half">
      <ShareChart title={title} measure={measure} unit="count" shares={shares} most={MOST_PLANS} />
    </Card>
  );
}

function ByStatus({ summary }: { summary: SubscriptionsData['summary'] }) {
  const { byStatus: title, others } = words.value.views.subscriptions;
  const { subscriptionStatus } = words.value.codes;
  const measure = figureTitle(useLive(), 'subscriptions', 'summary.TotalSubscriptions');
  const shares = useMemo(() => {
    const known = [
      { title: subscriptionStatus.authorized, value: summary.ActiveSubscriptions },
      { title: subscriptionStatus.paused, value: summary.PausedSubscriptions },
      { title: subscriptionStatus.pending, value: summary.PendingSubscriptions },
      { title: subscriptionStatus.cancelled, value: summary.CancelledSubscriptions },
    ];
    const rest = known.reduce((left, { value }) => left - value, summary.TotalSubscriptions);
    return [...known, { title: others, value: rest }];
  }, [summary, subscriptionStatus, others]);
  return (
    <Card title={title}>
      <ShareChart title={title} measure={measure} unit="count" shares={shares} ordered />
    </Card>
  );
}

function Churn({ summary }: { summary: SubscriptionsData['summary'] }) {
  const live = useLive();
  const { cancelled, kept } = words.value.views.subscriptions;
  const title = figureTitle(live, 'subscriptions', 'summary.LifetimeChurnRate');
  const { TotalSubscriptions, CancelledSubscriptions } = summary;
  const parts = useMemo(
    () => [
      { title: kept, value: TotalSubscriptions - CancelledSubscriptions, tone: 3 as const },
      { title: cancelled, value: CancelledSubscriptions, tone: 2 as const },
    ],
    [kept, cancelled, TotalSubscriptions, CancelledSubscriptions],
  );
  return (
    <Card title={title}>
      <TwoPartChart
        title={title}
        measure={figureTitle(live, 'subscriptions', 'summary.TotalSubscriptions')}
        parts={parts}
      >
        <CatalogueFigure feature="subscriptions" path="summary.LifetimeChurnRate" />
      </TwoPartChart>
    </Card>
  );
}
