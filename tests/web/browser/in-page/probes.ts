/** What the tests ask a page about itself: bundled, and put into each page before its own scripts run. */
import { controls, focused, moving } from './controls.ts';
import { cutTexts, overlaps, widths } from './layout.ts';
import { dropSockets, emit, watchSockets } from './sockets.ts';
import { texts } from './texts.ts';
import { elapsed, untilHolds, untilShown } from './waiting.ts';
import { written } from './written.ts';

const violations: string[] = [];
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

watchSockets();

/** Every figure in the document, with what is shown of it. */
function figures() {
  return [...document.querySelectorAll<HTMLElement>('[data-figure]')].map((element) => ({
    name: element.dataset.figure ?? '',
    value: element.dataset.value ?? '',
    text: element.textContent.trim(),
    title: element.title,
    isCell: element.tagName === 'TD',
  }));
}

/** The values of a column's figures, in the order of the rows. */
function valuesOf(start: string, end: string): string[] {
  return figures().flatMap(({ name, value }) => (name.startsWith(start) && name.endsWith(end) ? [value] : []));
}

/** The instant at which a figure shows a value, ms since 1970. */
async function shownAt(name: string, value: string): Promise<number> {
  await untilHolds(() => document.querySelector(`[data-figure="${name}"][data-value="${value}"]`) !== null);
  return Date.now();
}

Object.assign(globalThis, {
  probes: {
    controls,
    dropSockets,
    elapsed,
    emit,
    figures,
    focused,
    moving,
    valuesOf,
    shownAt,
    violations: () => violations,
    written,
    untilShown,
    texts,
    widths,
    cutTexts,
    overlaps,
  },
});
