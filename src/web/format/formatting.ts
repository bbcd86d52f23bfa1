import { computed, signal } from '@preact/signals';
import { language } from '../app/preferences.ts';
import { createFormat } from './format.ts';

/** The server's; the browser's own until the server told. */
export const timeZone = signal(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** How figures and dates are written now. */
export const format = computed(() => createFormat(language.value === 'pt' ? 'pt-BR' : 'en', timeZone.value));
