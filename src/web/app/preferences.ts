import { type Signal, signal } from '@preact/signals';
import { DEFAULT_RANGE, RANGES, type Range } from '../history/range.ts';
import type { Language } from '../words/language.ts';
import { printing } from './printing.ts';

/** The reader's choices, stored in this browser. If storage is refused, they last as long as the page. */

export type Theme = 'system' | 'light' | 'dark';

const PREFIX = 'greg-bi.';

export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage is full or refused.
  }
}

/** Calls back with the name of each value that another tab stores. */
export function followKept(changed: (name: string) => void): void {
  addEventListener('storage', ({ key }) => {
    if (key?.startsWith(PREFIX)) changed(key.slice(PREFIX.length));
  });
}

function choice<Value extends string>(name: string, values: readonly Value[], otherwise: Value): Signal<Value> {
  const kept = readKept(name);
  return signal(values.find((value) => value === kept) ?? otherwise);
}

/** Portuguese if it is the browser's first language, otherwise English. */
function browserLanguage(): Language {
  return navigator.language.toLowerCase().startsWith('pt') ? 'pt' : 'en';
}

export const language = choice<Language>('language', ['pt', 'en'], browserLanguage());
export const theme = choice<Theme>('theme', ['system', 'light', 'dark'], 'system');
/** Whether names and e-mail addresses are masked, for screens that strangers see. */
export const masked = choice<'yes' | 'no'>('masked', ['yes', 'no'], 'no');
export const range = choice<Range>('range', RANGES, DEFAULT_RANGE);

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
export const dark = signal(false);

/** Applies the choices to the document and stores each change. Call once. */
export function applyPreferences(options: { readonly forcedTheme?: Theme; readonly forcedRange?: Range } = {}): void {
  if (options.forcedRange !== undefined) range.value = options.forcedRange;
  const showTheme = (value: Theme) => {
    const chosen = options.forcedTheme ?? value;
    // Paper is light.
    dark.value = !printing.peek() && (chosen === 'dark' || (chosen === 'system' && systemIsDark.matches));
    document.documentElement.classList.toggle('dark', dark.value);
  };
  theme.subscribe((value) => {
    showTheme(value);
    keep('theme', value);
  });
  systemIsDark.addEventListener('change', () => showTheme(theme.peek()));
  printing.subscribe(() => showTheme(theme.peek()));
  language.subscribe((value) => {
    document.documentElement.lang = value === 'pt' ? 'pt-BR' : 'en';
    keep('language', value);
  });
  masked.subscribe((value) => keep('masked', value));
  range.subscribe((value) => {
    if (value !== options.forcedRange) keep('range', value);
  });
}
