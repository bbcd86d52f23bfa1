import type { ChartConfiguration, Plugin } from 'chart.js';
import { useMemo } from 'preact/hooks';
import type { Unit } from '../../client/index.ts';
import { dark } from '../app/preferences.ts';
import type { Format } from '../format/format.ts';
import { format } from '../format/formatting.ts';
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
  /** Those beyond are drawn as one. */
  readonly most?: number;
  /** As they come, for codes with an order of their own; else largest first. */
  readonly ordered?: boolean;
}

const ROW_REM = 2.25;
const LABEL_LENGTH = 26;

/** Parts of a whole as horizontal bars, with the value and the share at the end of each. */
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
  const ends = values.map((value) => {
    const share = all === 0 ? 0 : (value / all) * 100;
    return `${written.compact(value, unit)}  ${written.glance(share, 'percent')}`;
  });
  return {
    type: 'bar',
    data: {
      labels: shares.map(({ title }) => shortened(title)),
      datasets: [
        {
          data: values,
          backgroundColor: palette.series(tone),
          borderRadius: 3,
          borderSkipped: 'start',
          barThickness: 12,
          minBarLength: 2,
        },
      ],
    },
    options: {
      indexAxis: 'y',
      interaction: { mode: 'index', axis: 'y', intersect: false },
      layout: { padding: { right: 104 } },
      scales: {
        x: { display: false, beginAtZero: true },
        y: {
          grid: { display: false },
          border: { display: false },
          ticks: { color: palette.strong, padding: 8, autoSkip: false },
        },
      },
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
    plugins: [endTexts(ends, palette.text)],
  };
}

/** Writes a text behind the end of each bar. */
function endTexts(texts: readonly string[], colour: string): Plugin<'bar'> {
  return {
    id: 'end-texts',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.fillStyle = colour;
      ctx.font = '12px Inter, system-ui, sans-serif';
      ctx.textBaseline = 'middle';
      chart.getDatasetMeta(0).data.forEach((bar, index) => {
        ctx.fillText(texts[index] ?? '', bar.x + 8, bar.y);
      });
      ctx.restore();
    },
  };
}

function shortened(text: string): string {
  return text.length <= LABEL_LENGTH ? text : `${text.slice(0, LABEL_LENGTH - 1).trimEnd()}…`;
}
