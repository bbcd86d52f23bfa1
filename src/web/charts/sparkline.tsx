import type { ChartConfiguration } from 'chart.js';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { dark } from '../app/preferences.ts';
import { Chart } from './chart-library.ts';
import { readPalette, translucent } from './palette.ts';

interface SparklineProps {
  readonly values: readonly (number | null)[];
  readonly unfinished: boolean;
}

/** A series without axes, hidden from screen readers: the card has the figures. */
export function Sparkline({ values, unfinished }: SparklineProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line'>>(undefined);
  const isDark = dark.value;
  const config = useMemo(() => sparklineConfig(values, unfinished), [values, unfinished, isDark]);
  useEffect(() => {
    if (canvas.current === null) return;
    chart.current = new Chart<'line'>(canvas.current, config);
    return () => chart.current?.destroy();
  }, []);
  useLayoutEffect(() => {
    if (chart.current === undefined) return;
    chart.current.data = config.data;
    chart.current.update();
  }, [config]);
  return (
    <div class="sparkline" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

function sparklineConfig(values: readonly (number | null)[], unfinished: boolean): ChartConfiguration<'line'> {
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
          pointRadius: 0,
          fill: 'origin',
          tension: 0.25,
          cubicInterpolationMode: 'monotone',
          segment: { borderDash: ({ p1DataIndex }) => (unfinished && p1DataIndex === last ? [3, 3] : undefined) },
        },
      ],
    },
    options: {
      events: [],
      layout: { padding: { top: 2, bottom: 1 } },
      scales: { x: { display: false }, y: { display: false, beginAtZero: true } },
      plugins: { tooltip: { enabled: false } },
    },
  };
}
