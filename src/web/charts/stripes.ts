const SIDE = 6;
const kept = new Map<string, CanvasPattern>();

/** Stripes in a colour: a bar of a day or month that is not over. The plain colour where there is no canvas. */
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
