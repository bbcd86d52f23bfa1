import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { ShareChart } from '../../charts/share-chart.tsx';
import { type TrendAxis, TrendChart, type TrendSeries } from '../../charts/trend-chart.tsx';
import { TwoPartChart } from '../../charts/two-part-chart.tsx';
import { Card } from '../../design/parts.tsx';
import { CatalogueFigure } from '../../live/catalogue-figure.tsx';
import { useLive } from '../../live/live.ts';
import { RevenueCard } from '../../overview/revenue-card.tsx';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { RevenueTable } from './revenue-table.tsx';

type FinancialData = FeatureData['financial'];

export function FinancialView() {
  const data = useLive().snapshots.financial.value?.data;
  return (
    <ViewPage feature="financial">
      {data !== undefined && (
        <div class="view-grid">
          <RevenueCard class="span-2" />
          <Methods revenue={data.revenue} />
          <SalesByDay days={data.revenueByDay} />
          <Outcomes payments={data.payments} />
          <ChargebacksByStatus chargebacks={data.chargebacks} />
          <ChargebackOutcome chargebacks={data.chargebacks} />
          <FigureList feature="financial" title={words.value.moreFigures} paths={FIGURES} class="span-all" />
          <RevenueTable rows={data.revenueByDay} />
        </div>
      )}
    </ViewPage>
  );
}

const FIGURES = [
  'revenue.TotalRevenue',
  'revenue.MonthlyRevenue',
  'revenue.YearlyRevenue',
  'revenue.TotalTransactions',
  'revenue.AverageTransactionValue',
  'payments.TotalPayments',
  'payments.TotalApproved',
  'payments.TotalPending',
  'payments.TotalCancelled',
  'payments.UniqueCustomers',
  'payments.AvgTicket',
  'payments.ApprovalRate',
  'chargebacks.TotalChargebacks',
  'chargebacks.TotalAmount',
  'chargebacks.WinRate',
] as const;

function Methods({ revenue }: { revenue: FinancialData['revenue'] }) {
  const { methods: title, topMethod } = words.value.views.financial;
  const { PaymentMethodDistribution: distribution, TopPaymentMethod } = revenue;
  const { paymentMethod } = words.value.codes;
  const shares = useMemo(
    () => Object.entries(distribution).map(([method, value]) => ({ title: codeText(paymentMethod, method), value })),
    [distribution, paymentMethod],
  );
  return (
    <Card title={title} note={topMethod(codeText(paymentMethod, TopPaymentMethod))}>
      <ShareChart title={title} measure={words.value.measure.revenue} unit="BRL" shares={shares} />
    </Card>
  );
}

function SalesByDay({ days }: { days: FinancialData['revenueByDay'] }) {
  const title = words.value.views.financial.salesByDay;
  const axis = useMemo<TrendAxis>(
    () => ({ kind: 'day', keys: days.map(({ Date: day }) => day), unfinished: true }),
    [days],
  );
  const series = useMemo<readonly TrendSeries[]>(
    () => [{ title, unit: 'count', form: 'bar', tone: 1, values: days.map(({ Count }) => Count) }],
    [days, title],
  );
  return (
    <Card title={title} class="span-2">
      <TrendChart title={title} axis={axis} series={series} />
    </Card>
  );
}

function Outcomes({ payments }: { payments: FinancialData['payments'] }) {
  const { outcomes, approved, pending, cancelled, otherOutcomes } = words.value.views.financial;
  const { TotalPayments, TotalApproved, TotalPending, TotalCancelled } = payments;
  const shares = useMemo(
    () => [
      { title: approved, value: TotalApproved },
      { title: pending, value: TotalPending },
      { title: cancelled, value: TotalCancelled },
      { title: otherOutcomes, value: TotalPayments - TotalApproved - TotalPending - TotalCancelled },
    ],
    [payments, outcomes],
  );
  return (
    <Card title={outcomes}>
      <ShareChart title={outcomes} measure={words.value.measure.payments} unit="count" shares={shares} ordered />
    </Card>
  );
}

const CHARGEBACK_STATUSES = ['Novo', 'AguardandoEvidencias', 'EvidenciasEnviadas', 'Ganhamos', 'Perdemos'] as const;

function ChargebacksByStatus({ chargebacks }: { chargebacks: FinancialData['chargebacks'] }) {
  const title = words.value.views.financial.chargebacksByStatus;
  const { chargebackStatus } = words.value.codes;
  const shares = useMemo(
    () => CHARGEBACK_STATUSES.map((status) => ({ title: chargebackStatus[status], value: chargebacks[status] })),
    [chargebacks, chargebackStatus],
  );
  return (
    <Card title={title} class="span-half">
      <ShareChart title={title} measure={words.value.measure.chargebacks} unit="count" shares={shares} ordered />
    </Card>
  );
}

function ChargebackOutcome({ chargebacks }: { chargebacks: FinancialData['chargebacks'] }) {
  const title = words.value.views.financial.chargebackOutcome;
  const { Ganhamos: won, Perdemos: lost } = words.value.codes.chargebackStatus;
  const parts = useMemo(
    () => [
      { title: won, value: chargebacks.Ganhamos, tone: 3 as const },
      { title: lost, value: chargebacks.Perdemos, tone: 2 as const },
    ],
    [won, lost, chargebacks.Ganhamos, chargebacks.Perdemos],
  );
  return (
    <Card title={title} class="span-half">
      <TwoPartChart title={title} measure={words.value.measure.chargebacks} parts={parts}>
        <CatalogueFigure feature="financial" path="chargebacks.WinRate" />
      </TwoPartChart>
    </Card>
  );
}
