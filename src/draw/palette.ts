/**
 * The design's tokens, read once a theme: CSS strings for strokes and text, packed pixels for the
 * memory.
 *
 * `readPalette(getComputedStyle(document.documentElement))` after the theme changed; a new object
 * each time, and painters repaint everything when they are given another one.
 */
import { mix, pack, parseColour, type Rgba } from './colour.ts';

/** Custom properties without their two dashes. */
export const TOKENS = [
  'bg',
  'well',
  'raise',
  'ink',
  'ink2',
  'ink3',
  'line',
  'line2',
  'free',
  'edge',
  'lid',
  'accent',
  'on-accent',
  'accent-wash',
  'used-fill',
  'cap0',
  'cap1',
] as const;
export type Token = (typeof TOKENS)[number];

/** Hues a theme has: `--d0` to `--d5`. */
export const HUES = 6;

export interface Palette {
  readonly css: Readonly<Record<Token, string>>;
  /** Opaque pixels; tokens with transparency stand on `bg`, `edge` is kept in `edge`. */
  readonly packed: Readonly<Record<Token, number>>;
  readonly devices: readonly string[];
  readonly devicesPacked: readonly number[];
  /** What darkens the last pixel of a mapping; laid over the mapping's own colour. */
  readonly edge: Rgba;
  /** Font families, ready for `ctx.font`. */
  readonly sans: string;
  readonly mono: string;
}

/** The part of a style declaration that is read: a test hands in its own. */
export type StyleSource = Pick<CSSStyleDeclaration, 'getPropertyValue'>;

/** @throws RangeError when a token is missing or is no colour. */
export function readPalette(style: StyleSource): Palette {
  const text = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const ground = pack(parseColour(text('bg')));
  const css = {} as Record<Token, string>;
  const packed = {} as Record<Token, number>;
  for (const token of TOKENS) {
    const colour = parseColour(text(token));
    css[token] = text(token);
    packed[token] = mix(ground, pack(colour), colour.alpha);
  }
  const devices = Array.from({ length: HUES }, (_, hue) => text(`d${hue}`));
  return {
    css,
    packed,
    devices,
    devicesPacked: devices.map((colour) => pack(parseColour(colour))),
    edge: parseColour(text('edge')),
    sans: text('sans') || 'sans-serif',
    mono: text('mono') || 'monospace',
  };
}

/** Device index of the frame's owner bytes for a device nobody named. */
export const UNKNOWN_DEVICE = 14;

/** How a device is told from the others. */
export interface Hue {
  readonly css: string;
  readonly packed: number;
  /** 0 plain; 1 and 2: the hue is used again, with so many notches every 8 px. */
  readonly notches: number;
}

/** The hue of a device; a neutral for one that is not known (-1, or from `UNKNOWN_DEVICE` on). */
export function deviceHue(palette: Palette, device: number): Hue {
  if (device < 0 || device >= UNKNOWN_DEVICE) {
    return { css: palette.css.ink3, packed: palette.packed.ink3, notches: 0 };
  }
  const hue = device % HUES;
  return {
    css: palette.devices[hue] ?? palette.css.ink3,
    packed: palette.devicesPacked[hue] ?? palette.packed.ink3,
    notches: Math.floor(device / HUES),
  };
}

/** Where the ramps begin: a step away from `free`, so that the least is still something. */
const RAMP_START = 0.16;

/** The neutral ramp for age and free runs: `share` 0 to 1 of the way from `free` to `ink`. */
export function rampColour(palette: Palette, share: number): number {
  const { free, ink } = palette.packed;
  return mix(free, ink, RAMP_START + (1 - RAMP_START) * Math.max(0, Math.min(1, share)));
}
