import type { ChartConfiguration } from 'chart.js';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { dark } from '../app/preferences.ts';
import { Chart } from './chart-library.ts';
import { readPalette, translucent } from './palette.ts';
import { isAlone, levelBounds, type Values } from './series.ts';

interface SparklineProps {
  readonly values: Values;
  readonly unfinished: boolean;
  /** Of the period before, drawn dimmed behind. With it the line shows changes of a level, which need no zero. */
  readonly before?: Values;
}

/** A series without axes, hidden from screen readers: the card has the figures. */
export function Sparkline({ values, unfinished, before }: SparklineProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line'>>(undefined);
  const isDark = dark.value;
  const config = useMemo(() => sparklineConfig(values, unfinished, before), [values, unfinished, before, isDark]);
  useEffect(() => {
    if (canvas.current === null) return;
    chart.current = new Chart<'line'>(canvas.current, config);
    return () => chart.current?.destroy();
  }, []);
  useLayoutEffect(() => {
    if (chart.current === undefined) return;
    chart.current.data = config.data;
    if (config.options !== undefined) chart.current.options = config.options;
    chart.current.update();
  }, [config]);
  return (
    <div class="sparkline" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

function sparklineConfig(values: Values, unfinished: boolean, before?: Values): ChartConfiguration<'line'> {
  const { series, scale } = readPalette();
  const colour = series(1);
  const last = values.length - 1;
  return {
    type: 'line',
    data: {
      labels: values.map((_, index) => String(index)),
      datasets: [
        {
          data: [...values],
          borderColor: colour,
          backgroundColor: translucent(colour, 0.1),
          borderWidth: 1.5 * scale,
          pointRadius: ({ dataIndex }) => (isAlone(values, dataIndex) ? 1.5 * scale : 0),
          pointBackgroundColor: colour,
          fill: before === undefined ? 'origin' : false,
          tension: 0.25,
          cubicInterpolationMode: 'monotone',
          segment: { borderDash: ({ p1DataIndex }) => (unfinished && p1DataIndex === last ? [3, 3] : undefined) },
        },
        ...(before === undefined
          ? []
          : [
              {
                data: [...before],
                borderColor: series('rest'),
                borderWidth: scale,
                borderDash: [3 * scale, 3 * scale],
                pointRadius: 0,
                fill: false,
                tension: 0.25,
                cubicInterpolationMode: 'monotone' as const,
              },
            ]),
      ],
    },
    options: {
      events: [],
      layout: { padding: { top: 2, bottom: 1 } },
      scales: {
        x: { display: false },
        y: { display: false, ...(before === undefined ? { beginAtZero: true } : levelBounds([...values, ...before])) },
      },
      plugins: { tooltip: { enabled: false } },
    },
  };
}
