import { signal } from '@preact/signals';

/** Whether the page is being printed. Tables then show all rows, and the theme is light. */
export const printing = signal(false);

export function watchPrinting(): void {
  addEventListener('beforeprint', () => {
    printing.value = true;
  });
  addEventListener('afterprint', () => {
    printing.value = false;
  });
}
