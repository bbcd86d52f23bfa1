import { signal } from '@preact/signals';
import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  DoughnutController,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { areaFill } from './area-fill.ts';

/** The update mode that animates from old to new values. In the mode `active` all points would look hovered. */
export const MOVE = 'move';

declare module 'chart.js' {
  enum UpdateModeEnum {
    move = 'move',
  }
}

/** Chart.js with only the parts that the page uses. */
Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  areaFill,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);
Chart.defaults.font.family = 'Inter, system-ui, sans-serif';
Chart.defaults.font.size = 12;
Chart.defaults.maintainAspectRatio = false;
// Charts animate only when values change, not when the view, theme or size does.
// With `animation: false` Chart.js would ignore the transitions.
Chart.defaults.set('animation', { duration: 0 });
Chart.defaults.set('transitions', {
  active: { animation: { duration: 0 } },
  [MOVE]: { animation: { duration: 300, easing: 'easeOutQuart' } },
});
Chart.defaults.set('plugins.tooltip', { animations: false });

/** Whether the font has loaded or failed. A canvas measures text with the fonts it has, so charts wait for it. */
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
