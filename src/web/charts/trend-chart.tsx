import type { ChartConfiguration, ChartDataset } from 'chart.js';
import { useMemo } from 'preact/hooks';
import { dark } from '../app/preferences.ts';
import type { Format } from '../format/format.ts';
import { format } from '../format/formatting.ts';
import type { Unit } from '../live/catalogue.ts';
import { words } from '../words/words.ts';
import { CanvasChart, type ChartText } from './canvas-chart.tsx';
import { endLabels } from './end-labels.ts';
import { Legend } from './legend.tsx';
import { type Palette, readPalette, type Tone, translucent } from './palette.ts';
import { isAlone } from './series.ts';
import { stripes } from './stripes.ts';

export interface TrendAxis {
  /** `day` for YYYY-MM-DD, `month` for YYYY-MM, `hour` for instants. */
  readonly kind: 'hour' | 'day' | 'month';
  readonly keys: readonly string[];
  /** The last day or month is not over: drawn dashed or striped. */
  readonly unfinished: boolean;
}

export interface TrendSeries {
  readonly title: string;
  readonly unit: Unit;
  /** `before` is a line of an earlier period, dashed and behind the others. */
  readonly form: 'area' | 'line' | 'bar' | 'before';
  readonly tone: Tone;
  readonly values: readonly (number | null)[];
}

interface TrendChartProps {
  readonly title: string;
  readonly axis: TrendAxis;
  readonly series: readonly TrendSeries[];
  readonly size?: 'medium' | 'large' | 'fill';
}

const DASH_PX = 4;
const MOST_DATES = 6;
const MOST_LINES = 5;
const TEXT_PX = 12;
/** Width of a date label with the space around it. */
const DATE_PX = { hour: 90, day: 90, month: 52 } as const;
/** Longer axes of hours have dates, not times. */
const MOST_CLOCKS = 36;
/** Up to this many lines have their name at their end; more have a legend. */
const MOST_NAMED = 3;
/** Narrower charts show the legend; `.trend` in charts.css uses the same width. */
const NAMED_FROM_PX = 480;
/** Month names are short: a whole year fits. */
const MOST_MONTHS = 12;

/** Values over days or months: lines, areas and bars on one axis. */
export function TrendChart({ title, axis, series, size = 'medium' }: TrendChartProps) {
  const written = format.value;
  const { today, thisMonth, noFigure, chart } = words.value;
  const isDark = dark.value;
  const unfinishedNote = axis.kind === 'day' ? today : thisMonth;
  const config = useMemo(
    () => trendConfig(axis, series, { written, palette: readPalette(), unfinishedNote }),
    [axis, series, written, isDark, unfinishedNote],
  );
  const text = useMemo<ChartText>(
    () => ({
      title,
      heads: [chart.period, ...series.map((one) => one.title)],
      rows: axis.keys.map((_, index) => [
        longName(axis, index, written, unfinishedNote),
        ...series.map(({ values, unit }) => {
          const value = values[index] ?? null;
          return value === null ? noFigure : written.exact(value, unit);
        }),
      ]),
    }),
    [title, axis, series, written, unfinishedNote],
  );
  return (
    <div class={`trend trend-${size}`}>
      {series.length > 1 && <Legend items={series} />}
      <CanvasChart config={config} text={text} class={`chart-${size}`} />
    </div>
  );
}

/** Positions that may have a label: of many hours only the first of each day. */
function nameable({ kind, keys }: TrendAxis, written: Format): readonly number[] {
  const indexes = [...keys.keys()];
  if (kind !== 'hour' || keys.length <= MOST_CLOCKS) return indexes;
  const days = keys.map((key) => written.dayOf(key));
  return indexes.filter((index) => index > 0 && days[index] !== days[index - 1]);
}

/** Whether a position has a label: the last one that may does, and as many before it as fit. */
function isNamed(index: number, kind: TrendAxis['kind'], candidates: readonly number[], widthPx: number): boolean {
  const place = candidates.indexOf(index);
  const bound = kind === 'month' ? MOST_MONTHS : MOST_DATES;
  const most = Math.max(2, Math.min(bound, Math.floor(widthPx / DATE_PX[kind])));
  return place >= 0 && (candidates.length - 1 - place) % Math.ceil(candidates.length / most) === 0;
}

/** Labels at the ends of lines, if there are several. */
function namedEnds(series: readonly TrendSeries[], palette: Palette) {
  const named = series.length > 1 && series.length <= MOST_NAMED ? series : [];
  return endLabels({
    labels: named.map(({ title, tone, values }) => ({
      text: title,
      colour: palette.series(tone),
      lastIndex: values.findLastIndex((value) => value !== null),
    })),
    fontPx: palette.textPx(TEXT_PX),
    fromWidthPx: NAMED_FROM_PX * palette.scale,
  });
}

/** Chart.js would draw 0 in the middle between −1 and 1. */
function isAllZero(series: readonly TrendSeries[]): boolean {
  return series.every(({ values }) => values.every((value) => value === null || value === 0));
}

interface Drawing {
  readonly written: Format;
  readonly palette: Palette;
  readonly unfinishedNote: string;
}

function longName(axis: TrendAxis, index: number, written: Format, note: string): string {
  const key = axis.keys[index] ?? '';
  const name = { hour: written.instant, day: written.longDay, month: written.longMonth }[axis.kind](key);
  return axis.unfinished && index === axis.keys.length - 1 ? `${name} (${note})` : name;
}

function shortName({ kind, keys }: TrendAxis, key: string, written: Format): string {
  if (kind === 'month') return written.month(key);
  if (kind === 'day') return written.day(key);
  return keys.length <= MOST_CLOCKS ? written.clock(key) : written.day(written.dayOf(key));
}

function trendConfig(
  axis: TrendAxis,
  series: readonly TrendSeries[],
  drawing: Drawing,
): ChartConfiguration<'bar' | 'line'> {
  const { written, palette, unfinishedNote } = drawing;
  const unit = series[0]?.unit ?? 'count';
  const candidates = nameable(axis, written);
  const names = axis.keys.map((key) => shortName(axis, key, written));
  return {
    type: 'line',
    data: {
      labels: names,
      datasets: series.map((one) => dataset(one, axis, palette)),
    },
    options: {
      interaction: { mode: 'index', intersect: false },
      layout: { padding: { top: 4, right: 4 } },
      scales: {
        x: {
          grid: { display: false },
          border: { display: false },
          ticks: {
            color: palette.text,
            font: { size: palette.textPx(TEXT_PX) },
            maxRotation: 0,
            autoSkip: false,
            callback(_, index) {
              return isNamed(index, axis.kind, candidates, this.chart.width / palette.scale) ? names[index] : null;
            },
          },
        },
        y: {
          // A line that touches 0 must not seem to go below it.
          beginAtZero: series.some(({ form, values }) => form === 'area' || form === 'bar' || values.includes(0)),
          ...(isAllZero(series) && { min: 0, max: 1 }),
          grid: { color: palette.hairline, drawTicks: false },
          border: { display: false },
          ticks: {
            color: palette.text,
            font: { size: palette.textPx(TEXT_PX) },
            maxTicksLimit: MOST_LINES,
            padding: 8,
            ...(unit === 'count' && { precision: 0 }),
            callback: (value) => written.compact(Number(value), unit),
          },
        },
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(palette),
          callbacks: {
            title: ([item]) => (item === undefined ? '' : longName(axis, item.dataIndex, written, unfinishedNote)),
            label: ({ datasetIndex, parsed }) => {
              const one = series[datasetIndex];
              return one === undefined || parsed.y === null
                ? ''
                : ` ${one.title}  ${written.exact(parsed.y, one.unit)}`;
            },
          },
        },
      },
    },
    plugins: [namedEnds(series, palette)],
  };
}

function dataset(series: TrendSeries, axis: TrendAxis, palette: Palette): ChartDataset<'bar' | 'line'> {
  const colour = palette.series(series.tone);
  const last = axis.keys.length - 1;
  const data = [...series.values];
  const dash = [DASH_PX * palette.scale, DASH_PX * palette.scale];
  if (series.form === 'bar') {
    return {
      type: 'bar',
      label: series.title,
      data,
      backgroundColor: ({ dataIndex }) => (axis.unfinished && dataIndex === last ? stripes(colour) : colour),
      hoverBackgroundColor: ({ dataIndex }) => (axis.unfinished && dataIndex === last ? stripes(colour) : colour),
      borderRadius: 3,
      borderSkipped: 'start',
      maxBarThickness: 40 * palette.scale,
      categoryPercentage: 0.82,
      barPercentage: 0.86,
      order: 1,
    };
  }
  return {
    type: 'line',
    label: series.title,
    data,
    borderColor: colour,
    backgroundColor: translucent(colour, 0.1),
    fill: series.form === 'area' ? 'origin' : false,
    borderWidth: (series.form === 'line' ? 2 : 1.5) * palette.scale,
    pointRadius: ({ dataIndex }) => (isAlone(data, dataIndex) ? 2 * palette.scale : 0),
    pointHoverRadius: 4,
    pointHitRadius: 8,
    pointBackgroundColor: colour,
    pointHoverBackgroundColor: colour,
    pointHoverBorderColor: palette.surface,
    pointHoverBorderWidth: 2,
    tension: 0.25,
    cubicInterpolationMode: 'monotone',
    spanGaps: false,
    ...(series.form === 'before' ? { borderDash: dash } : {}),
    segment: { borderDash: ({ p1DataIndex }) => (axis.unfinished && p1DataIndex === last ? dash : undefined) },
    // A mean lies on what it is the mean of, an earlier period below everything.
    order: { line: 0, area: 1, before: 2 }[series.form],
  };
}

export function tooltipStyle(palette: Palette) {
  const size = palette.textPx(TEXT_PX);
  return {
    backgroundColor: palette.raised,
    titleColor: palette.strong,
    bodyColor: palette.strong,
    borderColor: palette.hairline,
    borderWidth: 1,
    padding: 12,
    cornerRadius: 8,
    caretSize: 0,
    caretPadding: 12,
    boxPadding: 4,
    boxWidth: 8,
    boxHeight: 8,
    usePointStyle: true,
    titleFont: { weight: 500 as const, size },
    bodyFont: { size },
    titleMarginBottom: 8,
    bodySpacing: 6,
  };
}
