import type { ChartConfiguration, ChartType, Plugin } from 'chart.js';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words/words.ts';
import { Chart, fontReady, MOVE } from './chart-library.ts';

/** The content of a chart as text, for its table and for keyboard navigation. */
export interface ChartText {
  readonly title: string;
  /** Column heads of the table: first that of the row names, then one per series. */
  readonly heads: readonly string[];
  /** One row per position on the axis: its name, then one text per series. */
  readonly rows: readonly (readonly string[])[];
}

interface CanvasChartProps<Type extends ChartType> {
  readonly config: ChartConfiguration<Type>;
  readonly text: ChartText;
  readonly class?: string;
  readonly heightRem?: number;
}

/** A Chart.js chart with a table for screen readers and a tooltip that follows the arrow keys. */
export function CanvasChart<Type extends ChartType>({
  config,
  text,
  class: className,
  heightRem,
}: CanvasChartProps<Type>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<Type>>(undefined);
  // Chart.js has no setter for plugins, but reads this array anew at each update.
  const plugins = useRef<Plugin<Type>[]>([]);
  const shown = useRef('');
  const [position, setPosition] = useState<number>();
  const hintId = useId();
  const fontsAreReady = fontReady.value;

  useEffect(() => {
    if (canvas.current === null || !fontsAreReady) return;
    plugins.current = [...(config.plugins ?? [])];
    chart.current = new Chart<Type>(canvas.current, { ...config, plugins: plugins.current });
    shown.current = valuesOf(config);
    return () => chart.current?.destroy();
  }, [fontsAreReady]);

  // Before the browser paints or prints: paper needs the colours of paper.
  useLayoutEffect(() => {
    const drawn = chart.current;
    if (drawn === undefined) return;
    const values = valuesOf(config);
    const moved = values !== shown.current && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    shown.current = values;
    drawn.data = config.data;
    if (config.options !== undefined) drawn.options = config.options;
    plugins.current.splice(0, plugins.current.length, ...(config.plugins ?? []));
    // A running animation would overwrite what is set at once.
    if (!moved) drawn.stop();
    drawn.update(moved ? MOVE : 'none');
  }, [config]);

  const move = (to: number | undefined) => {
    setPosition(to);
    if (chart.current !== undefined) pointAt(chart.current, to);
  };
  const last = text.rows.length - 1;
  const row = position === undefined ? undefined : text.rows[position];
  return (
    <div class={`chart ${className ?? ''}`}>
      <div
        class="chart-plot"
        style={heightRem === undefined ? {} : { height: `${heightRem}rem` }}
        tabIndex={0}
        role="slider"
        aria-label={text.title}
        aria-describedby={hintId}
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={position ?? last}
        aria-valuetext={row === undefined ? text.title : spokenRow(text, row)}
        onKeyDown={(event) => {
          const to = moveOf(event.key, position, last);
          if (to === null) return;
          event.preventDefault();
          move(to);
        }}
        onBlur={() => move(undefined)}
      >
        <canvas ref={canvas} />
      </div>
      <p id={hintId} class="visually-hidden">
        {words.value.chart.hint}
      </p>
      <ChartTable text={text} />
    </div>
  );
}

function valuesOf<Type extends ChartType>(config: ChartConfiguration<Type>): string {
  return JSON.stringify(config.data.datasets.map(({ data }) => data));
}

/** The position after a key press; undefined hides the tooltip, null means no change. */
function moveOf(key: string, from: number | undefined, last: number): number | undefined | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return from === undefined ? last : Math.min(last, from + 1);
    case 'ArrowLeft':
    case 'ArrowDown':
      return from === undefined ? last : Math.max(0, from - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return undefined;
    default:
      return null;
  }
}

function pointAt<Type extends ChartType>(chart: Chart<Type>, index: number | undefined): void {
  const elements =
    index === undefined
      ? []
      : chart.data.datasets.flatMap((_, datasetIndex) =>
          chart.getDatasetMeta(datasetIndex).data[index] === undefined ? [] : [{ datasetIndex, index }],
        );
  const first = elements[0];
  const at = first === undefined ? undefined : chart.getDatasetMeta(first.datasetIndex).data[first.index];
  chart.setActiveElements(elements);
  chart.tooltip?.setActiveElements(elements, { x: at?.x ?? 0, y: at?.y ?? 0 });
  chart.update('none');
}

function spokenRow(text: ChartText, row: readonly string[]): string {
  const values = row.slice(1).map((value, index) => `${text.heads[index + 1] ?? ''} ${value}`);
  return `${row[0] ?? ''}: ${values.join(', ')}`;
}

function ChartTable({ text }: { text: ChartText }) {
  return (
    // A table cannot be narrower than its text, so its container is hidden.
    <div class="visually-hidden">
      <table>
        <caption>{words.value.chart.asTable(text.title)}</caption>
        <thead>
          <tr>
            {text.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {text.rows.map(([name, ...values]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                <td key={text.heads[index + 1]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
