import { useMemo } from 'preact/hooks';
import type { FeatureData } from '../../../client/index.ts';
import { trailingMean } from '../../charts/series.ts';
import { ShareChart } from '../../charts/share-chart.tsx';
import { type TrendAxis, TrendChart, type TrendSeries } from '../../charts/trend-chart.tsx';
import { Card, EmptyState } from '../../design/parts.tsx';
import { useLive } from '../../live/live.ts';
import { columnTitle, figureTitle, listTitle } from '../../live/titles.ts';
import { codeText } from '../../words/code-text.ts';
import { words } from '../../words/words.ts';
import { ViewPage } from '../view-page.tsx';
import { FigureList } from '../view-parts.tsx';
import { NewestTickets } from './newest-tickets.tsx';

type SupportData = FeatureData['support'];

export function SupportView() {
  const data = useLive().snapshots.support.value?.data;
  return (
    <ViewPage feature="support">
      {data !== undefined && (
        <div class="view-grid">
          <TicketsByDay days={data.byDay} />
          <ByStatus summary={data.summary} />
          <ByContext rows={data.byContext} />
          <LogLevels rows={data.logs} />
          <FigureList feature="support" title={words.value.moreFigures} paths={FIGURES} />
          <NewestTickets rows={data.list} />
        </div>
      )}
    </ViewPage>
  );
}

const FIGURES = [
  'summary.TotalTickets',
  'summary.OpenTickets',
  'summary.InProgressTickets',
  'summary.ClosedTickets',
  'summary.ResolutionRate',
  'summary.OldestOpenDays',
] as const;

const MEAN_DAYS = 7;

/** Today is not over: striped, and in no mean. */
function TicketsByDay({ days }: { days: SupportData['byDay'] }) {
  const live = useLive();
  const title = listTitle(live, 'support', 'byDay');
  const opened = columnTitle(live, 'support', 'byDay', 'Opened');
  const { mean7Days } = words.value;
  const axis = useMemo<TrendAxis>(
    () => ({ kind: 'day', keys: days.map(({ Date: day }) => day), unfinished: true }),
    [days],
  );
  const series = useMemo<readonly TrendSeries[]>(() => {
    const counts = days.map(({ Opened }) => Opened);
    return [
      { title: opened, unit: 'count', form: 'bar', tone: 1, values: counts },
      { title: mean7Days, unit: 'count', form: 'line', tone: 2, values: trailingMean(counts, MEAN_DAYS, true) },
    ];
  }, [days, opened, mean7Days]);
  return (
    <Card title={title} class="span-2">
      <TrendChart title={title} axis={axis} series={series} />
    </Card>
  );
}

function ByStatus({ summary }: { summary: SupportData['summary'] }) {
  const { byStatus: title, others } = words.value.views.support;
  const { ticketStatus } = words.value.codes;
  const shares = useMemo(() => {
    const known = [
      { title: ticketStatus.Open, value: summary.OpenTickets },
      { title: ticketStatus.InProgress, value: summary.InProgressTickets },
      { title: ticketStatus.Closed, value: summary.ClosedTickets },
    ];
    const rest = known.reduce((left, { value }) => left - value, summary.TotalTickets);
    return [...known, { title: others, value: rest }];
  }, [summary, ticketStatus, others]);
  return (
    <Card title={title}>
      <ShareChart
        title={title}
        measure={figureTitle(useLive(), 'support', 'summary.TotalTickets')}
        unit="count"
        shares={shares}
        ordered
      />
    </Card>
  );
}

function ByContext({ rows }: { rows: SupportData['byContext'] }) {
  const live = useLive();
  const title = listTitle(live, 'support', 'byContext');
  const { noContext } = words.value.views.support;
  const shares = useMemo(
    () => rows.map(({ Context, Count }) => ({ title: Context || noContext, value: Count })),
    [rows, noContext],
  );
  return (
    <Card title={title}>
      <ShareChart
        title={title}
        measure={columnTitle(live, 'support', 'byContext', 'Count')}
        unit="count"
        shares={shares}
      />
    </Card>
  );
}

/** The most severe first; null where the source keeps no log. */
function LogLevels({ rows }: { rows: SupportData['logs'] }) {
  const live = useLive();
  const title = listTitle(live, 'support', 'logs');
  const { logLevel } = words.value.codes;
  const shares = useMemo(
    () => rows?.map(({ Level, Count }) => ({ title: codeText(logLevel, Level), value: Count })) ?? [],
    [rows, logLevel],
  );
  return (
    <Card title={title}>
      {rows === null ? (
        <EmptyState icon="info">{words.value.views.support.noLogs}</EmptyState>
      ) : (
        <ShareChart
          title={title}
          measure={columnTitle(live, 'support', 'logs', 'Count')}
          unit="count"
          shares={shares}
          ordered
        />
      )}
    </Card>
  );
}
