import { describe, expect, it } from 'vitest';
import { cssOf, mix, over, pack, parseColour, unpack } from './colour.ts';

describe('a colour read from a stylesheet', () => {
  it('may be hex of three, four, six or eight digits', () => {
    expect(parseColour('#0f8')).toEqual({ red: 0, green: 255, blue: 136, alpha: 1 });
    expect(parseColour('#0f80').alpha).toBe(0);
    expect(parseColour(' #1b2226 ')).toEqual({ red: 27, green: 34, blue: 38, alpha: 1 });
    expect(parseColour('#1b222680').alpha).toBeCloseTo(0.5, 2);
  });

  it('may be a function with blanks or commas, alpha as a number or in percent', () => {
    const edge = { red: 8, green: 11, blue: 12, alpha: 0.55 };
    expect(parseColour('rgb(8 11 12 / .55)')).toEqual(edge);
    expect(parseColour('rgba(8, 11, 12, 0.55)')).toEqual(edge);
    expect(parseColour('rgb(8 11 12 / 55%)')).toEqual(edge);
  });

  it.each(['', 'red', '#12345', '#xyz', 'rgb(1 2)', 'rgb(a b c)'])('is refused as "%s"', (text) => {
    expect(() => parseColour(text)).toThrow(RangeError);
  });
});

describe('a packed colour', () => {
  it('is alpha, blue, green, red from the top: the order of ImageData', () => {
    expect(pack({ red: 1, green: 2, blue: 3, alpha: 1 })).toBe(0xff030201);
  });

  it('unpacks to what was packed', () => {
    expect(unpack(pack(parseColour('#52b4ef')))).toEqual(parseColour('#52b4ef'));
    expect(cssOf(pack(parseColour('#52b4ef')))).toBe('rgb(82 180 239)');
  });

  it('mixes channel by channel', () => {
    const black = pack(parseColour('#000000'));
    const white = pack(parseColour('#ffffff'));
    expect(mix(black, white, 0)).toBe(black);
    expect(mix(black, white, 1)).toBe(white);
    expect(cssOf(mix(black, white, 0.25))).toBe('rgb(64 64 64)');
    expect(over(white, parseColour('rgb(0 0 0 / 0.5)'))).toBe(mix(white, black, 0.5));
  });
});
