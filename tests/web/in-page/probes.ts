/** What the tests ask a page about itself: bundled, and put into each page before its own scripts run. */
import { controls, focused, moving } from './controls.ts';
import { drawn, watchDrawing } from './drawing.ts';
import { cutTexts, overlaps, smallTexts, widths } from './layout.ts';
import { dropSockets, emit, watchSockets } from './sockets.ts';
import { texts } from './texts.ts';
import { elapsed, untilHolds, untilShown } from './waiting.ts';
import { written } from './written.ts';

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});

watchSockets();
watchDrawing();

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

/** What each chart says to those who do not see it: its title, and its columns without the names of the rows. */
function charts() {
  return [...document.querySelectorAll('.chart table')].map((table) => {
    const rows = [...table.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('td')]);
    const columns = (rows[0] ?? []).map((_, column) => rows.map((cells) => cells[column]?.textContent ?? ''));
    return { title: table.querySelector('caption')?.textContent ?? '', columns };
  });
}

function writtenAll(locale: string, values: readonly number[], unit: Parameters<typeof written>[2]): string[] {
  return values.map((value) => written(locale, value, unit, true));
}

/** The instant at which a figure shows a value, ms since 1970. */
async function shownAt(name: string, value: string): Promise<number> {
  await untilHolds(() => document.querySelector(`[data-figure="${name}"][data-value="${value}"]`) !== null);
  return Date.now();
}

/** Replaces the text of the wall's figures, sized as the page sizes it, and lists those wider than their cells. */
function tooWideForTheWall(text: string): string[] {
  return [...document.querySelectorAll<HTMLElement>('.figure-wall')].flatMap((figure) => {
    if (figure.style.getPropertyValue('--characters') !== String(figure.textContent?.length)) return ['no size'];
    figure.textContent = text;
    figure.style.setProperty('--characters', String(text.length));
    const given = figure.parentElement?.clientWidth ?? 0;
    const needed = figure.getBoundingClientRect().width;
    return needed > given ? [`${text} needs ${needed} of ${given}`] : [];
  });
}

Object.assign(globalThis, {
  probes: {
    charts,
    controls,
    drawn,
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
    writtenAll,
    untilShown,
    texts,
    widths,
    cutTexts,
    overlaps,
    smallTexts,
    tooWideForTheWall,
  },
});
