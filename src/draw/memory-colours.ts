/**
 * How a pageblock looks: its hue says what it is for, its lightness the largest block that is free
 * in it, a pattern the former again for whoever does not see hues.
 */
import { mix } from './colour.ts';
import type { Palette } from './palette.ts';
import {
  CELL_BOOT,
  CELL_FIRMWARE,
  CELL_HOLE,
  CELL_KERNEL,
  type MemoryColumns,
} from '../engine/memory-news.ts';
import { PAGEBLOCK_PAGES } from '../model/page-map.ts';

/** What cells are, by kind: the kernel's names, and a letter for each. */
export const CELL_WORDS: readonly { readonly name: string; readonly letter: string }[] = [
  { name: 'Unmovable', letter: 'U' },
  { name: 'Movable', letter: 'M' },
  { name: 'Reclaimable', letter: 'R' },
  { name: 'HighAtomic', letter: 'H' },
  { name: 'CMA', letter: 'C' },
  { name: 'Isolate', letter: 'I' },
  { name: 'kernel image', letter: 'K' },
  { name: 'firmware', letter: 'F' },
  { name: 'boot pool', letter: 'B' },
  { name: 'hole', letter: '' },
];

/** Which of the theme's six hues the migrate types have; a machine's first device is blue. */
const HUE_OF_TYPE = [1, 2, 3, 5, 4, 0];

/** Share of the hue by the largest free order + 1: wholly used is full, a free pageblock a tint. */
const SHARES = [1, 0.86, 0.82, 0.78, 0.72, 0.66, 0.58, 0.5, 0.42, 0.32, 0.16, 0.1];

/** Packed colours of a theme, by kind and largest free order + 1. */
export interface MapColours {
  readonly ground: number;
  readonly free: number;
  readonly pool: number;
  readonly coherent: number;
  readonly border: number;
  /** `kind * 12 + largest`. */
  readonly fill: Uint32Array;
  /** What a pattern is drawn in, the same index. */
  readonly pattern: Uint32Array;
}

/** Columns of the tables. */
export const LARGEST = SHARES.length;

/** The colours of a theme. */
export function mapColours(palette: Palette): MapColours {
  const { packed, devicesPacked } = palette;
  const fill = new Uint32Array(CELL_WORDS.length * LARGEST);
  const pattern = new Uint32Array(CELL_WORDS.length * LARGEST);
  const set = (kind: number, largest: number, colour: number, over: number) => {
    fill[kind * LARGEST + largest] = colour;
    pattern[kind * LARGEST + largest] = over;
  };
  for (let largest = 0; largest < LARGEST; largest++) {
    for (const [type, hue] of HUE_OF_TYPE.entries()) {
      const own = devicesPacked[hue] ?? packed.ink3;
      const colour = mix(packed.free, own, SHARES[largest] ?? 1);
      // Towards the ground where the hue is full, towards the hue where it is a tint.
      const isTint = (SHARES[largest] ?? 1) < 0.45;
      set(type, largest, colour, isTint ? mix(packed.free, own, 0.6) : mix(colour, packed.bg, 0.5));
    }
    set(CELL_KERNEL, largest, mix(packed.bg, packed.line2, 0.45), packed.bg);
    set(CELL_FIRMWARE, largest, packed.line, packed.line2);
    set(CELL_BOOT, largest, packed.line, packed.line2);
    set(CELL_HOLE, largest, packed.bg, packed.bg);
  }
  return {
    ground: packed.bg,
    free: packed.free,
    pool: packed.ink,
    coherent: packed.ink2,
    border: packed.line2,
    fill,
    pattern,
  };
}

/** Whether the pattern of a kind shows at a pixel of a cell, in CSS px from its corner. */
export function isPatterned(kind: number, x: number, y: number): boolean {
  switch (kind) {
    case 0:
      return (x + y) % 4 === 0;
    case 2:
      return y % 3 === 1;
    case 3:
      return x % 3 === 1;
    case 4:
      return x % 3 === 1 && y % 3 === 1;
    case 5:
      return (x + y) % 4 === 0 || (x - y + 400) % 4 === 0;
    case CELL_FIRMWARE:
      return (x - y + 400) % 4 === 0;
    default:
      return false;
  }
}

/** The one colour of a cell that is too small for patterns: what pools hold of it counts in. */
export function plainColour(columns: MemoryColumns, cell: number, colours: MapColours): number {
  const kind = columns.kind[cell] as number;
  const base = colours.fill[kind * LARGEST + (columns.largest[cell] as number)] as number;
  const pooled = columns.pooled[cell] as number;
  return pooled === 0 ? base : mix(base, colours.pool, pooled / PAGEBLOCK_PAGES);
}

/** The mean of the colours of some cells. */
export function meanColour(
  columns: MemoryColumns,
  first: number,
  count: number,
  colours: MapColours,
): number {
  let [red, green, blue] = [0, 0, 0];
  for (let cell = first; cell < first + count; cell++) {
    const colour = plainColour(columns, cell, colours);
    red += colour & 255;
    green += (colour >>> 8) & 255;
    blue += (colour >>> 16) & 255;
  }
  const mean = (sum: number) => Math.round(sum / count);
  return (0xff000000 | (mean(blue) << 16) | (mean(green) << 8) | mean(red)) >>> 0;
}
