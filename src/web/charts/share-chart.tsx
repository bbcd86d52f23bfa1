import type { ChartConfiguration, Plugin } from 'chart.js';
import { useMemo } from 'preact/hooks';
import { dark } from '../app/preferences.ts';
import { EmptyState } from '../design/parts.tsx';
import type { Format } from '../format/format.ts';
import { format } from '../format/formatting.ts';
import type { Unit } from '../live/catalogue.ts';
import { words } from '../words/words.ts';
import { CanvasChart, type ChartText } from './canvas-chart.tsx';
import { type Palette, readPalette, type Tone } from './palette.ts';
import { largestShares, type Share, sum } from './series.ts';
import { tooltipStyle } from './trend-chart.tsx';

interface ShareChartProps {
  readonly title: string;
  readonly measure: string;
  readonly unit: Unit;
  readonly shares: readonly Share[];
  readonly tone?: Tone;
  /** Further shares are merged into one. */
  readonly most?: number;
  /** Keeps the given order, for codes that have one; otherwise the largest share comes first. */
  readonly ordered?: boolean;
}

const ROW_REM = 2.75;
const BAR_PX = 8;
const TEXT_ABOVE_PX = 12;
const GAP_PX = 12;
const TEXT_PX = 13;

/** Parts of a whole as horizontal bars, with the name, the value and the share above each. */
export function ShareChart(props: ShareChartProps) {
  const { title, measure, unit, tone = 1, most = 8, ordered = false } = props;
  const written = format.value;
  const isDark = dark.value;
  const { chart } = words.value;
  const shares = useMemo(
    () => (ordered ? [...props.shares] : largestShares(props.shares, most, chart.others)),
    [props.shares, most, ordered, chart.others],
  );
  const config = useMemo(
    () => shareConfig(shares, { unit, tone, written, palette: readPalette() }),
    [shares, unit, tone, written, isDark],
  );
  const text = useMemo<ChartText>(() => {
    const all = sum(shares.map(({ value }) => value));
    return {
      title,
      heads: [chart.category, measure, chart.share],
      rows: shares.map((share) => [
        share.title,
        written.exact(share.value, unit),
        written.exact(all === 0 ? 0 : (share.value / all) * 100, 'percent'),
      ]),
    };
  }, [shares, title, measure, unit, written, chart]);
  if (shares.length === 0) return <EmptyState icon="info">{chart.empty}</EmptyState>;
  return <CanvasChart config={config} text={text} heightRem={Math.max(2, shares.length) * ROW_REM} />;
}

interface Drawing {
  readonly unit: Unit;
  readonly tone: Tone;
  readonly written: Format;
  readonly palette: Palette;
}

function shareConfig(shares: readonly Share[], drawing: Drawing): ChartConfiguration<'bar'> {
  const { unit, tone, written, palette } = drawing;
  const values = shares.map(({ value }) => value);
  const all = sum(values);
  const rows = shares.map(({ title, value }) => ({
    title,
    value: written.glance(value, unit),
    share: written.glance(all === 0 ? 0 : (value / all) * 100, 'percent'),
  }));
  return {
    type: 'bar',
    data: {
      labels: shares.map(({ title }) => title),
      datasets: [
        {
          data: values,
          backgroundColor: palette.series(tone),
          hoverBackgroundColor: palette.series(tone),
          borderRadius: 3,
          borderSkipped: 'start',
          barThickness: BAR_PX * palette.scale,
          minBarLength: 2,
        },
      ],
    },
    options: {
      indexAxis: 'y',
      interaction: { mode: 'index', axis: 'y', intersect: false },
      layout: { padding: { top: TEXT_ABOVE_PX * palette.scale } },
      // The largest bar has the whole width; where all are 0 there is no bar to measure by.
      scales: { x: { display: false, beginAtZero: true, max: Math.max(...values) || 1 }, y: { display: false } },
      plugins: {
        tooltip: {
          ...tooltipStyle(palette),
          callbacks: {
            title: ([item]) => shares[item?.dataIndex ?? 0]?.title ?? '',
            label: ({ dataIndex }) => ` ${written.exact(values[dataIndex] ?? 0, unit)}`,
          },
        },
      },
    },
    plugins: [rowTexts(rows, palette)],
  };
}

interface RowText {
  readonly title: string;
  readonly value: string;
  readonly share: string;
}

/** Draws name, value and share above each bar, so that the bar can use the whole width. */
function rowTexts(rows: readonly RowText[], palette: Palette): Plugin<'bar'> {
  return {
    id: 'row-texts',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      const { scale } = palette;
      const gap = GAP_PX * scale;
      ctx.save();
      ctx.font = `${palette.textPx(TEXT_PX)}px Inter, system-ui, sans-serif`;
      ctx.textBaseline = 'alphabetic';
      const shareWidth = Math.max(...rows.map(({ share }) => ctx.measureText(share).width));
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        const row = rows[index];
        if (row === undefined) return;
        const y = bar.y - TEXT_ABOVE_PX * scale;
        ctx.textAlign = 'right';
        ctx.fillStyle = palette.text;
        ctx.fillText(row.share, chartArea.right, y);
        ctx.fillStyle = palette.strong;
        const end = chartArea.right - shareWidth - gap;
        ctx.fillText(row.value, end, y);
        ctx.textAlign = 'left';
        ctx.fillText(fitted(ctx, row.title, end - ctx.measureText(row.value).width - gap), chartArea.left, y);
      });
      ctx.restore();
    },
  };
}

/** Shortens a text with an ellipsis until it fits; the tooltip shows all of it. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown === text ? shown : `${shown}…`).width > width) {
    shown = shown.slice(0, -1).trimEnd();
  }
  return shown === text ? text : `${shown}…`;
}
