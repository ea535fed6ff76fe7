import { describe, expect, it } from 'vitest';
import { bytes, clock, count, duration, hex, percent, plural, rate, stamp } from './words.ts';

describe('words', () => {
  it('marks thousands and counts in singular and plural', () => {
    expect(count(32_768)).toBe('32,768');
    expect([plural(1, 'slot'), plural(0, 'slot'), plural(2048, 'slot')]).toEqual([
      '1 slot',
      '0 slots',
      '2,048 slots',
    ]);
  });

  it('says bytes in binary units, exact where they are few', () => {
    expect([1, 1536, 2048, 4096, 258_048, 67_108_864, 1.5 * 1024 ** 3].map(bytes)).toEqual([
      '1 B',
      '1,536 B',
      '2 KiB',
      '4 KiB',
      '252 KiB',
      '64 MiB',
      '1.5 GiB',
    ]);
  });

  it('says a share with one decimal, and a dash where there is no whole', () => {
    expect(percent(22_937, 34_816)).toBe('65.9 %');
    expect(percent(0, 0)).toBe('–');
  });

  it('says durations and times in the unit that keeps them short', () => {
    expect(
      [0, 850, 1234, 900_000, 7_600_000, 325_000_000, 400_000_000, 1_250_000_000].map(duration),
    ).toEqual(['0 ns', '850 ns', '1.2 µs', '900 µs', '7.6 ms', '325 ms', '400 ms', '1.25 s']);
    expect([clock(0), clock(325_000_000), clock(1_234_567_891)]).toEqual([
      '0.000 ms',
      '325.000 ms',
      '1,234.568 ms',
    ]);
  });

  it('says rates, addresses and stamps as they are read', () => {
    expect([820, 61_200, 184_000, 1_800_000].map(rate)).toEqual([
      '820/s',
      '61.2k/s',
      '184k/s',
      '1.8M/s',
    ]);
    expect(hex(0x3bb8_0000)).toBe('0x03bb80000');
    expect(stamp(127_258_000)).toBe('[    0.127258]');
  });
});
