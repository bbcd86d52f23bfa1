/** How wide the document is, and how much of it the window shows. */
export function widths() {
  const { scrollWidth, scrollHeight } = document.documentElement;
  return { scrollWidth, scrollHeight, innerWidth, innerHeight };
}

/** Not laid out like the rest: for ears alone, outside the window until it is needed, or a layer over the page. */
const APART = '.visually-hidden, .skip-link, .toasts, dialog, script, style, option';
/** Moves sideways by itself. */
const SCROLLS = '.table-scroll';
/** A surface that holds its texts. */
const SURFACE = '.card, .tile, .top-bar, .rail, .wall-figure, .wall-head, .attention, .page-bar';

interface TextBox {
  readonly element: Element;
  readonly text: string;
  readonly box: DOMRect;
}

/** Elements with a text of their own, and where that text stands. */
function textBoxes(): TextBox[] {
  const found: TextBox[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (element === null || text === '' || element.closest(APART) !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || !element.checkVisibility() || isClipped(element)) continue;
    found.push({ element, text, box });
  }
  return found;
}

/** Whether it is for ears alone at this size of the window. */
function isClipped(element: Element): boolean {
  for (let around: Element | null = element; around !== null; around = around.parentElement) {
    if (getComputedStyle(around).clipPath !== 'none') return true;
  }
  return false;
}

/** Texts of which a part cannot be read: cut off without an ellipsis and a title, or beyond their surface. */
export function cutTexts(): string[] {
  return textBoxes().flatMap(({ element, text, box }) => {
    const cut = cutting(element);
    if (cut !== undefined && !hasTitle(element)) return [`${text} is cut off by .${cut.className}`];
    const surface = element.closest(SURFACE);
    if (cut !== undefined || surface === null || element.closest(SCROLLS) !== null) return [];
    const { left, right } = surface.getBoundingClientRect();
    return box.left < left - 1 || box.right > right + 1 ? [`${text} leaves .${surface.className}`] : [];
  });
}

/** Texts whose font is smaller than this. */
export function smallTexts(px: number): string[] {
  return textBoxes().flatMap(({ element, text }) => {
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    return size < px ? [`${text}: ${size} px`] : [];
  });
}

/** The nearest element that hides what does not fit, where something does not. */
function cutting(element: Element): Element | undefined {
  for (let around: Element | null = element; around !== null; around = around.parentElement) {
    if (around.matches(SCROLLS)) return undefined;
    const { overflowX, overflowY } = getComputedStyle(around);
    const isWide = overflowX !== 'visible' && around.scrollWidth > around.clientWidth + 1;
    const isHigh = (overflowY === 'hidden' || overflowY === 'clip') && around.scrollHeight > around.clientHeight + 2;
    if ((isWide || isHigh) && around !== document.documentElement && around !== document.body) return around;
  }
  return undefined;
}

/** Whether the whole text can be had all the same. */
function hasTitle(element: Element): boolean {
  const text = element.textContent.trim();
  const isEllipsis = getComputedStyle(element).textOverflow === 'ellipsis';
  return isEllipsis && (element.closest('[title]')?.getAttribute('title') ?? '').includes(text);
}

/** Cards over cards, and texts over texts. */
export function overlaps(): string[] {
  const cards = [...document.querySelectorAll('.card, .wall-figure')].map((element) => ({
    element,
    text: element.getAttribute('aria-label') ?? element.textContent.slice(0, 40),
    box: element.getBoundingClientRect(),
  }));
  // The bottom bar of a phone and the top bar lie over what is scrolled.
  const words = textBoxes().filter(({ element }) => element.closest(`${SCROLLS}, .rail, .top-bar`) === null);
  return [...pairs(cards), ...pairs(words)];
}

function pairs(boxes: readonly TextBox[]): string[] {
  return boxes.flatMap((one, index) =>
    boxes.slice(index + 1).flatMap((other) => {
      if (one.element.contains(other.element) || other.element.contains(one.element)) return [];
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      return width > 1 && height > 2 ? [`${one.text} and ${other.text}`] : [];
    }),
  );
}
