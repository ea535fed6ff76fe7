/** The palette of the theme the page wears, read from the stylesheet once a theme. */
import { readPalette, type Palette } from '../draw/palette.ts';

let worn: string | undefined;
let palette: Palette | null = null;

export function currentPalette(): Palette {
  const { theme } = document.documentElement.dataset;
  if (!palette || theme !== worn) {
    palette = readPalette(getComputedStyle(document.documentElement));
    worn = theme;
  }
  return palette;
}
