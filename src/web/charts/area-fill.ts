import { LineElement, type Plugin } from 'chart.js';

/**
 * Fills the area under each line of a dataset with `fill`, up to the next gap in one piece.
 * The filler of Chart.js fills each change of style by itself, which leaves a seam where a dashed line begins.
 */
export const areaFill: Plugin = {
  id: 'area-fill',
  beforeDatasetDraw({ ctx, chartArea }, { meta }) {
    const line = meta.dataset;
    if (!(line instanceof LineElement) || line.options.fill === false) return;
    const base = meta.yScale?.getBasePixel();
    if (base === undefined) return;
    // Chart.js bends the line when it draws it, which comes later.
    line.updateControlPoints(chartArea, 'x');
    ctx.save();
    ctx.fillStyle = line.options.backgroundColor;
    for (const { start, end } of joined(line.segments)) {
      const [first, last] = [line.points[start], line.points[end]];
      if (typeof first?.x !== 'number' || typeof last?.x !== 'number') continue;
      ctx.beginPath();
      line.pathSegment(ctx, { start, end, loop: false }, {});
      ctx.lineTo(last.x, base);
      ctx.lineTo(first.x, base);
      ctx.closePath();
      ctx.fill();
    }
    ctx.restore();
  },
};

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Joins ranges of which one starts where the one before ends. */
function joined(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const { start, end } of ranges) {
    const before = all.at(-1);
    if (before?.end === start) all.splice(-1, 1, { start: before.start, end });
    else all.push({ start, end });
  }
  return all;
}
