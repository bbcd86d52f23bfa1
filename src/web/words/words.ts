import { computed } from '@preact/signals';
import { language } from '../app/preferences.ts';
import type { Title } from '../live/catalogue.ts';
import { en } from './en.ts';
import { pt, type Words } from './pt.ts';

const DICTIONARIES: Readonly<Record<'pt' | 'en', Words>> = { pt, en };

/** The words in the reader's language. A missing key is a type error. */
export const words = computed<Words>(() => DICTIONARIES[language.value]);

/** A title of the catalogue in the reader's language. */
export function titleText(title: Title): string {
  return title[language.value];
}
