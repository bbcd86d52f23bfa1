/** A soak measures the page's memory, not that of its own notes. */
const MOST_NOTED = 5_000;

const texts: string[] = [];
const dots: number[] = [];
const fills: string[] = [];

/** Notes what the page draws on its canvases: the texts, and the radii of the dots. */
export function watchDrawing(): void {
  const context = CanvasRenderingContext2D.prototype;
  const { fillText, arc } = context;
  context.fillText = function (...args) {
    note(texts, args[0]);
    note(fills, String(this.fillStyle));
    fillText.apply(this, args);
  };
  context.arc = function (...args) {
    note(dots, args[2]);
    arc.apply(this, args);
  };
}

function note<Item>(list: Item[], item: Item): void {
  if (list.push(item) > MOST_NOTED) list.shift();
}

/** What has been drawn since the last call: texts, the colours of the texts, and the radii of dots. */
export function drawn() {
  return { texts: texts.splice(0), colours: [...new Set(fills.splice(0))], dots: dots.splice(0) };
}
