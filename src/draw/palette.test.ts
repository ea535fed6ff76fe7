import { describe, expect, it } from 'vitest';
import { PLAIN_THEME, styleOf } from '../testing/theme-art.ts';
import { cssOf } from './colour.ts';
import { deviceHue, HUES, rampColour, readPalette, UNKNOWN_DEVICE } from './palette.ts';

const palette = readPalette(styleOf(PLAIN_THEME));

describe('the palette', () => {
  it('lays tokens with transparency over the ground', () => {
    expect(palette.css['used-fill']).toBe('rgb(255 255 255 / 0.1)');
    expect(cssOf(palette.packed['used-fill'])).toBe('rgb(26 26 26)');
  });

  it('names the token that is missing by its empty value', () => {
    const { accent: _, ...without } = PLAIN_THEME;
    expect(() => readPalette(styleOf(without))).toThrow(RangeError);
  });
});

describe('a device', () => {
  it('has a hue of its own up to the sixth', () => {
    const hues = Array.from({ length: HUES }, (_, device) => deviceHue(palette, device).css);
    expect(new Set(hues).size).toBe(HUES);
    expect(deviceHue(palette, 5).notches).toBe(0);
  });

  it('shares its hue from the seventh on, and is notched', () => {
    expect(deviceHue(palette, 6).css).toBe(deviceHue(palette, 0).css);
    expect(deviceHue(palette, 6).notches).toBe(1);
    expect(deviceHue(palette, 13).notches).toBe(2);
  });

  it('that nobody named is neutral', () => {
    expect(deviceHue(palette, UNKNOWN_DEVICE).css).toBe(palette.css.ink3);
    expect(deviceHue(palette, -1).css).toBe(palette.css.ink3);
  });
});

it('the ramp ends in ink and begins away from free', () => {
  expect(rampColour(palette, 1)).toBe(palette.packed.ink);
  expect(rampColour(palette, 0)).not.toBe(palette.packed.free);
  expect(rampColour(palette, -3)).toBe(rampColour(palette, 0));
});
