import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { ShareChart } from '../../charts/share-chart.tsx';
import { type TrendAxis, TrendChart, type TrendSeries } from '../../charts/trend-chart.tsx';
import { TwoPartChart } from '../../charts/two-part-chart.tsx';
import { Card } from '../../design/parts.tsx';
import { CatalogueFigure } from '../../live/catalogue-figure.tsx';
import { useLive } from '../../live/live.ts';
import { columnTitle, listTitle } from '../../live/titles.ts';
import { catalogueColumns } from '../../table/catalogue-columns.ts';
import { PlainTable } from '../../table/plain-table.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { ActiveClaims } from './active-claims.tsx';

type ClaimsData = FeatureData['claims'];

export function ClaimsView() {
  const data = useLive().snapshots.claims.value?.data;
  return (
    <ViewPage feature="claims">
      {data !== undefined && (
        <div class="view-grid">
          <Trend trend={data.trend} />
          <WinRate byStatus={data.byStatus} />
          <FigureList
            feature="claims"
            title={words.value.moreFigures}
            class="span-2"
            paths={[
              'summary.TotalClaims',
              'summary.OpenedClaims',
              'summary.CriticalClaims',
              'summary.TotalAmountAtRisk',
              'summary.DisputeRate',
              'summary.WinRate',
              'summary.AverageDaysOpen',
              'summary.AverageResolutionDays',
            ]}
          />
          <ByStatus rows={data.byStatus} />
          <ByReason rows={data.byReason} />
          <ActiveClaims rows={data.active} />
        </div>
      )}
    </ViewPage>
  );
}

function Trend({ trend }: { trend: ClaimsData['trend'] }) {
  const live = useLive();
  const title = listTitle(live, 'claims', 'trend');
  const claimsOpened = columnTitle(live, 'claims', 'trend', 'ClaimsOpened');
  const { trendAmount } = words.value.views.claims;
  const axis = useMemo<TrendAxis>(
    () => ({ kind: 'month', keys: trend.map(({ Period }) => Period), unfinished: true }),
    [trend],
  );
  const opened = useMemo<readonly TrendSeries[]>(
    () => [
      {
        title: claimsOpened,
        unit: 'count',
        form: 'bar',
        tone: 1,
        values: trend.map(({ ClaimsOpened }) => ClaimsOpened),
      },
    ],
    [trend, claimsOpened],
  );
  const amount = useMemo<readonly TrendSeries[]>(
    () => [
      { title: trendAmount, unit: 'BRL', form: 'bar', tone: 1, values: trend.map(({ AmountAtRisk }) => AmountAtRisk) },
    ],
    [trend, trendAmount],
  );
  return (
    <>
      <Card title={title} class="span-2">
        <TrendChart title={title} axis={axis} series={opened} />
      </Card>
      <Card title={trendAmount}>
        <TrendChart title={trendAmount} axis={axis} series={amount} />
      </Card>
    </>
  );
}

function WinRate({ byStatus }: { byStatus: ClaimsData['byStatus'] }) {
  const { winRate, won, lost } = words.value.views.claims;
  const countOf = (status: string) => byStatus.find(({ Status }) => Status === status)?.Count ?? 0;
  const wonCount = countOf('ResolvidoGanhamos');
  const lostCount = countOf('ResolvidoPerdemos');
  const parts = useMemo(
    () => [
      { title: won, value: wonCount, tone: 3 as const },
      { title: lost, value: lostCount, tone: 2 as const },
    ],
    [won, lost, wonCount, lostCount],
  );
  return (
    <Card title={winRate}>
      <TwoPartChart title={winRate} measure={words.value.measure.claims} parts={parts}>
        <CatalogueFigure feature="claims" path="summary.WinRate" />
      </TwoPartChart>
    </Card>
  );
}

function ByStatus({ rows }: { rows: ClaimsData['byStatus'] }) {
  const live = useLive();
  const { claimStatus } = words.value.codes;
  const title = listTitle(live, 'claims', 'byStatus');
  const shares = useMemo(
    () => rows.map(({ Status, Count }) => ({ title: codeText(claimStatus, Status), value: Count })),
    [rows, claimStatus],
  );
  const columns = catalogueColumns<ClaimsData['byStatus'][number]>(live, 'claims', 'byStatus', {
    Status: { text: ({ Status }) => codeText(claimStatus, Status) },
  });
  return (
    <Card title={title} class="span-half">
      <ShareChart title={title} measure={words.value.measure.claims} unit="count" shares={shares} ordered />
      {rows.length > 0 && <PlainTable title={title} rows={rows} columns={columns} rowKey={({ Status }) => Status} />}
    </Card>
  );
}

function ByReason({ rows }: { rows: ClaimsData['byReason'] }) {
  const live = useLive();
  const { claimType } = words.value.codes;
  const title = listTitle(live, 'claims', 'byReason');
  const shares = useMemo(
    () => rows.map(({ Reason, Count }) => ({ title: codeText(claimType, Reason), value: Count })),
    [rows, claimType],
  );
  const columns = catalogueColumns<ClaimsData['byReason'][number]>(live, 'claims', 'byReason', {
    Reason: { text: ({ Reason }) => codeText(claimType, Reason) },
  });
  return (
    <Card title={title} class="span-half">
      <ShareChart title={title} measure={words.value.measure.claims} unit="count" shares={shares} />
      {rows.length > 0 && <PlainTable title={title} rows={rows} columns={columns} rowKey={({ Reason }) => Reason} />}
    </Card>
  );
}
