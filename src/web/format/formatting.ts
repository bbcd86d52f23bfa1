import { computed, signal } from '@preact/signals';
import { language } from '../app/preferences.ts';
import { createFormat } from './format.ts';

/** The server's time zone; the browser's until it is known. */
export const timeZone = signal(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** The formats of the current language and time zone. */
export const format = computed(() => createFormat(language.value === 'pt' ? 'pt-BR' : 'en', timeZone.value));
