/** The palette of the theme the page wears, with the hues in the order of the machine's devices. */
import { readPalette, type Palette } from '../draw/palette.ts';
import { currentHues } from './hue.ts';

let worn: string | undefined;
let order: readonly number[] = [];
let palette: Palette | null = null;

/** A new object after a change of theme or of hues, and only then: painters go by it. */
export function currentPalette(): Palette {
  const { theme } = document.documentElement.dataset;
  const hues = currentHues();
  if (!palette || theme !== worn || hues !== order) {
    const read = readPalette(getComputedStyle(document.documentElement));
    palette = {
      ...read,
      devices: hues.map((hue) => read.devices[hue] ?? read.css.ink3),
      devicesPacked: hues.map((hue) => read.devicesPacked[hue] ?? read.packed.ink3),
    };
    worn = theme;
    order = hues;
  }
  return palette;
}
