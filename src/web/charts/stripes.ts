const SIDE = 6;
const kept = new Map<string, CanvasPattern>();

/** A striped fill for the bar of an unfinished day or month; the plain colour if no canvas is available. */
export function stripes(colour: string): CanvasPattern | string {
  const made = kept.get(colour) ?? draw(colour);
  if (made === undefined) return colour;
  kept.set(colour, made);
  return made;
}

function draw(colour: string): CanvasPattern | undefined {
  const tile = document.createElement('canvas');
  tile.width = SIDE;
  tile.height = SIDE;
  const context = tile.getContext('2d');
  if (context === null) return undefined;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  for (const offset of [-SIDE, 0, SIDE]) {
    context.moveTo(offset, SIDE);
    context.lineTo(offset + SIDE, 0);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat') ?? undefined;
}
