const CONTROLS = 'a[href], button:not([disabled]), input, select, summary, [tabindex="0"]';

/** What the keyboard is to reach, by name. */
export function controls(): string[] {
  return [...document.querySelectorAll<HTMLElement>(CONTROLS)]
    .filter((element) => element.checkVisibility() && element.closest('dialog') === null)
    .map(nameOf);
}

/** What has the focus, and whether it is seen to have it. */
export function focused() {
  const element = document.activeElement ?? document.body;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const isOutlined = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  const around = element.parentElement;
  const isAround = around !== null && getComputedStyle(around).outlineStyle !== 'none';
  return { name: nameOf(element), isSeen: isOutlined || isAround || element === document.body };
}

function nameOf(element: Element): string {
  const text = element.getAttribute('aria-label') ?? element.textContent;
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Elements whose style makes them move or fade. */
export function moving(): string[] {
  return [...document.querySelectorAll('*')].flatMap((element) => {
    const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
    const seconds = (text: string) => Math.max(...text.split(',').map((part) => Number.parseFloat(part)));
    const fades = seconds(transitionDuration) > 0.01;
    const moves = animationName !== 'none' && seconds(animationDuration) > 0.01;
    return fades || moves ? [`${element.tagName} ${element.className}`] : [];
  });
}
