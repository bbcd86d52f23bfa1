import type { Chart, Plugin } from 'chart.js';

export interface EndLabel {
  readonly text: string;
  readonly colour: string;
  /** Index of the last point of the dataset with the same index. */
  readonly lastIndex: number;
}

interface EndLabelOptions {
  readonly labels: readonly EndLabel[];
  readonly fontPx: number;
  /** Narrower charts show a legend instead. */
  readonly fromWidthPx: number;
}

const GAP_PX = 8;
const LINE_HEIGHT = 1.35;

/** Draws the name of each line at its end, in place of a legend. */
export function endLabels({ labels, fontPx, fromWidthPx }: EndLabelOptions): Plugin<'bar' | 'line'> {
  const fits = (chart: Pick<Chart, 'width'>) => chart.width >= fromWidthPx;
  const font = `500 ${fontPx}px Inter, system-ui, sans-serif`;
  return {
    id: 'end-labels',
    beforeLayout(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = font;
      const widest = Math.max(0, ...labels.map(({ text }) => ctx.measureText(text).width));
      ctx.restore();
      chart.options.layout = { padding: { top: 4, right: fits(chart) ? widest + GAP_PX : 4 } };
    },
    afterDatasetsDraw(chart) {
      if (!fits(chart)) return;
      const { ctx, chartArea } = chart;
      const ends = labels.flatMap(({ text, colour, lastIndex }, datasetIndex) => {
        const point = chart.getDatasetMeta(datasetIndex).data[lastIndex];
        return point === undefined ? [] : [{ text, colour, y: point.y }];
      });
      ctx.save();
      ctx.font = font;
      ctx.textBaseline = 'middle';
      const spread = spreadOut(
        ends.map(({ y }) => y),
        fontPx * LINE_HEIGHT,
      );
      ends.forEach(({ text, colour }, index) => {
        ctx.fillStyle = colour;
        ctx.fillText(text, chartArea.right + GAP_PX, spread[index] ?? 0);
      });
      ctx.restore();
    },
  };
}

/**
 * Moves positions apart until each is at least `distance` from the next; their mean stays.
 *
 * @returns in the order given
 */
export function spreadOut(positions: readonly number[], distance: number): number[] {
  const order = positions.map((_, index) => index).sort((left, right) => at(left) - at(right));
  function at(index: number): number {
    return positions[index] ?? 0;
  }
  const placed: number[] = [];
  for (const index of order) placed.push(Math.max(at(index), (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + distance));
  const middle = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
  const shift = placed.length === 0 ? 0 : middle(placed) - middle(positions);
  const moved: number[] = [];
  order.forEach((index, place) => {
    moved[index] = (placed[place] ?? 0) - shift;
  });
  return moved;
}
