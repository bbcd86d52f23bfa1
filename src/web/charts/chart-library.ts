import { signal } from '@preact/signals';
import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  DoughnutController,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';

/** The mode of an update that moves from the old values to the new ones. It is the one that answers a pointer. */
export const MOVE = 'active';

/** Chart.js with what the page draws, and nothing else of it. */
Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);
Chart.defaults.font.family = 'Inter, system-ui, sans-serif';
Chart.defaults.font.size = 12;
Chart.defaults.maintainAspectRatio = false;
// Charts move only where their values did: on a change of view, theme or size they stand still.
Chart.defaults.animation = false;
Chart.defaults.set('transitions', { [MOVE]: { animation: { duration: 300, easing: 'easeOutQuart' } } });

/** A canvas measures with the fonts that are there: charts wait for ours, or for its failure. */
export const fontReady = signal(false);
document.fonts.load('12px Inter').then(
  () => {
    fontReady.value = true;
  },
  () => {
    fontReady.value = true;
  },
);

export { Chart };
