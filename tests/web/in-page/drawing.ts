const texts: string[] = [];
const dots: number[] = [];
const fills: string[] = [];

/** Notes what the page draws on its canvases: the texts, and the radii of the dots. */
export function watchDrawing(): void {
  const context = CanvasRenderingContext2D.prototype;
  const { fillText, arc } = context;
  context.fillText = function (...args) {
    texts.push(args[0]);
    fills.push(String(this.fillStyle));
    fillText.apply(this, args);
  };
  context.arc = function (...args) {
    dots.push(args[2]);
    arc.apply(this, args);
  };
}

/** What has been drawn since the last call: texts, the colours of the texts, and the radii of dots. */
export function drawn() {
  return { texts: texts.splice(0), colours: [...new Set(fills.splice(0))], dots: dots.splice(0) };
}
