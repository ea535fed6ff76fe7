import { expect, it } from 'vitest';
import { isLowMask, parseBoundary, parseMask } from './mask.ts';

it('reads masks exactly up to 52 bits, and wider ones as no limit', () => {
  expect(parseMask('0xffffffff')).toBe(4_294_967_295);
  expect(parseMask('0xfffffffffffff')).toBe(2 ** 52 - 1);
  expect(parseMask('0x10000000000000')).toBe(Infinity);
  expect(parseMask('0xffffffffffffffff')).toBe(Infinity);
});

it('reads a boundary of 0 as none', () => {
  expect(parseBoundary('0x0')).toBe(Infinity);
  expect(parseBoundary('0xffff')).toBe(65_535);
});

it('refuses what is not hex', () => {
  for (const text of ['', '12', '0x', '0xfg', '0x11111111111111111', '-0x1']) {
    expect(() => parseMask(text)).toThrow(RangeError);
  }
});

it('knows masks without holes', () => {
  expect([0, 1, 4095, 2 ** 40 - 1, Infinity].every(isLowMask)).toBe(true);
  expect([2, 5000, -1, 1.5, Number.NaN, 2 ** 52 - 2, 2 ** 51 + 1].some(isLowMask)).toBe(false);
});
