import { signal } from '@preact/signals';

/** Whether the page is being printed: then it shows whole what it otherwise shows in pages. */
export const printing = signal(false);

export function watchPrinting(): void {
  addEventListener('beforeprint', () => {
    printing.value = true;
  });
  addEventListener('afterprint', () => {
    printing.value = false;
  });
}
