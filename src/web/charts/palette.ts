import { dark } from '../app/preferences.ts';

const DESK_FONT_PX = 16;

/** The design tokens that charts need, since a canvas does not read stylesheets. */
export interface Palette {
  readonly series: (tone: Tone) => string;
  readonly text: string;
  readonly strong: string;
  readonly hairline: string;
  readonly surface: string;
  readonly raised: string;
  /** The root font size relative to 16 px: 1 on a desk, more on a wall. */
  readonly scale: number;
  /** Size of a chart's text in pixels of the canvas, from its size on a desk; a wall has a larger smallest size. */
  readonly textPx: (deskPx: number) => number;
}

/** A colour of the palette. 1 to 6 are distinguishable without colour vision; `rest` is for remainders. */
export type Tone = 1 | 2 | 3 | 4 | 5 | 6 | 'rest';

/** Reads the current values; subscribes the caller to theme changes. */
export function readPalette(): Palette {
  void dark.value;
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const scale = Number.parseFloat(style.fontSize) / DESK_FONT_PX;
  const smallest = Number(token('chart-text'));
  return {
    series: (tone) => token(`series-${tone}`),
    text: token('muted'),
    strong: token('strong'),
    hairline: token('hairline'),
    surface: token('surface'),
    raised: token('raised'),
    scale,
    textPx: (deskPx) => Math.max(deskPx, smallest) * scale,
  };
}

/** A colour with a share of its opacity. */
export function translucent(colour: string, share: number): string {
  const hex = Math.round(share * 255)
    .toString(16)
    .padStart(2, '0');
  return `${colour}${hex}`;
}
