import type { ChartConfiguration } from 'chart.js';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { dark } from '../app/preferences.ts';
import { Chart } from './chart-library.ts';
import { Legend } from './legend.tsx';
import { readPalette, type Tone } from './palette.ts';
import type { Share } from './series.ts';

interface CompositionProps {
  readonly parts: readonly (Share & { readonly tone: Tone })[];
}

/** Parts of a whole in one thin bar, hidden from screen readers: the view has the figures. */
export function Composition({ parts }: CompositionProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'bar'>>(undefined);
  const isDark = dark.value;
  const config = useMemo(() => compositionConfig(parts), [parts, isDark]);
  useEffect(() => {
    if (canvas.current === null) return;
    chart.current = new Chart<'bar'>(canvas.current, config);
    return () => chart.current?.destroy();
  }, []);
  useLayoutEffect(() => {
    if (chart.current === undefined) return;
    chart.current.data = config.data;
    if (config.options !== undefined) chart.current.options = config.options;
    chart.current.update();
  }, [config]);
  return (
    <div aria-hidden="true">
      <div class="composition">
        <canvas ref={canvas} />
      </div>
      <div class="composition-legend">
        <Legend items={parts.map(({ title, tone }) => ({ title, tone, form: 'bar' }))} />
      </div>
    </div>
  );
}

function compositionConfig(parts: CompositionProps['parts']): ChartConfiguration<'bar'> {
  const palette = readPalette();
  return {
    type: 'bar',
    data: {
      labels: [''],
      datasets: parts.map(({ title, value, tone }) => ({
        label: title,
        data: [value],
        backgroundColor: palette.series(tone),
        borderColor: palette.surface,
        borderWidth: { right: 2 },
        barPercentage: 1,
        categoryPercentage: 1,
      })),
    },
    options: {
      events: [],
      layout: { autoPadding: false },
      indexAxis: 'y',
      scales: {
        x: { display: false, stacked: true, max: parts.reduce((total, { value }) => total + value, 0) },
        y: { display: false, stacked: true },
      },
      plugins: { tooltip: { enabled: false } },
    },
  };
}
