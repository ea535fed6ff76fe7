import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseColour, unpack, pack } from '../../draw/colour.ts';

const tokens = readFileSync(fileURLToPath(new URL('tokens.css', import.meta.url)), 'utf8');

const THEMES = ['dark', 'light', 'projector'];
const HUES = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5'];

/** The opaque colours of a theme, by token. */
function coloursOf(theme: string): Map<string, number> {
  const from = tokens.indexOf(`[data-theme='${theme}']`);
  const block = tokens.slice(from, tokens.indexOf('}', from));
  const pairs = [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)];
  return new Map(pairs.map(([, name = '', hex = '']) => [name, pack(parseColour(hex))]));
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance, WCAG 2. */
function luminance(colour: number): number {
  const { red, green, blue } = unpack(colour);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function contrast(one: number, other: number): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

type Need = readonly [ink: string, ground: string, least: number];

const TEXT: readonly Need[] = [
  ['ink', 'bg', 7],
  ...['bg', 'raise', 'well'].flatMap((ground): Need[] => [
    ['ink', ground, 4.5],
    ['ink2', ground, 4.5],
    ['ink3', ground, 4.5],
  ]),
  ['accent', 'bg', 4.5],
  ['accent', 'raise', 4.5],
  ['on-accent', 'accent', 4.5],
];
const SHAPES: readonly Need[] = [
  ['line2', 'bg', 3],
  ...HUES.flatMap((hue): Need[] => [
    [hue, 'free', 3],
    [hue, 'bg', 3],
  ]),
];

describe.each(THEMES)('the %s theme', (theme) => {
  const colours = coloursOf(theme);
  it.each([...TEXT, ...SHAPES])('%s on %s has a contrast of %d or more', (ink, ground, least) => {
    const [one, other] = [colours.get(ink), colours.get(ground)];
    expect(contrast(one ?? NaN, other ?? NaN)).toBeGreaterThanOrEqual(least);
  });
});
