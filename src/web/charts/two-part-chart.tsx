import type { ChartConfiguration } from 'chart.js';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { dark } from '../app/preferences.ts';
import { format } from '../format/formatting.ts';
import { words } from '../words/words.ts';
import { CanvasChart, type ChartText } from './canvas-chart.tsx';
import { Legend } from './legend.tsx';
import { readPalette, type Tone } from './palette.ts';
import { type Share, sum } from './series.ts';
import { tooltipStyle } from './trend-chart.tsx';

interface TwoPartChartProps {
  readonly title: string;
  readonly measure: string;
  /** Two or three parts of a whole. */
  readonly parts: readonly (Share & { readonly tone: Tone })[];
  /** The figure in the middle. */
  readonly children: ComponentChildren;
}

/** A doughnut for two or three parts, with the figure that they make in its middle. */
export function TwoPartChart({ title, measure, parts, children }: TwoPartChartProps) {
  const written = format.value;
  const isDark = dark.value;
  const { chart } = words.value;
  const config = useMemo<ChartConfiguration<'doughnut'>>(() => {
    const palette = readPalette();
    const isEmpty = parts.every(({ value }) => value === 0);
    const colours = isEmpty ? [palette.hairline] : parts.map(({ tone }) => palette.series(tone));
    return {
      type: 'doughnut',
      data: {
        labels: parts.map((part) => part.title),
        datasets: [
          {
            // A ring without parts keeps its place.
            data: isEmpty ? [1] : parts.map(({ value }) => value),
            backgroundColor: colours,
            hoverBackgroundColor: colours,
            borderColor: palette.surface,
            borderWidth: 2,
            hoverBorderColor: palette.surface,
          },
        ],
      },
      options: {
        cutout: '78%',
        plugins: {
          tooltip: {
            ...tooltipStyle(palette),
            enabled: !isEmpty,
            callbacks: {
              label: ({ parsed, label }) => ` ${label}  ${written.exact(parsed, 'count')}`,
              title: () => '',
            },
          },
        },
      },
    };
  }, [parts, written, isDark]);
  const text = useMemo<ChartText>(() => {
    const all = sum(parts.map(({ value }) => value));
    return {
      title,
      heads: [chart.category, measure, chart.share],
      rows: parts.map((part) => [
        part.title,
        written.exact(part.value, 'count'),
        written.exact(all === 0 ? 0 : (part.value / all) * 100, 'percent'),
      ]),
    };
  }, [parts, title, measure, written, chart]);
  return (
    <div class="two-part">
      <div class="two-part-plot">
        <CanvasChart config={config} text={text} class="chart-round" />
        <div class="two-part-middle">{children}</div>
      </div>
      <Legend
        items={parts.map((part) => ({
          title: `${part.title} ${written.exact(part.value, 'count')}`,
          tone: part.tone,
          form: 'bar',
        }))}
      />
    </div>
  );
}
