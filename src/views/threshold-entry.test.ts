import { describe, expect, it } from 'vitest';
import { readThreshold, thresholdWords } from './threshold-entry.ts';

const CAPACITY = 34_816;
const slotsOf = (text: string) => {
  const entry = readThreshold(text, CAPACITY);
  return entry.kind === 'slots' ? entry.slots : entry.sentence;
};

describe('a threshold that is typed', () => {
  it.each([
    ['20000', 20_000],
    ['20,000', 20_000],
    [' 20 000 slots ', 20_000],
    ['1 slot', 1],
    ['0', 0],
    ['40 MiB', 20_480],
    ['40m', 20_480],
    ['512 KiB', 256],
    ['3 kib', 1],
    ['70 %', 24_371],
    ['70%', 24_371],
    ['65.9 %', 22_943],
    ['100 %', CAPACITY],
  ])('%s is read', (text, slots) => {
    expect(slotsOf(text)).toBe(slots);
  });

  it.each(['', 'many', '-5', '20 apples', '1e3', '70 % of it', 'MiB'])(
    '%j gets one sentence',
    (text) => {
      expect(slotsOf(text)).toMatch(/is no threshold; write slots, MiB or percent/);
    },
  );

  it('above the capacity gets a sentence with both numbers', () => {
    expect(slotsOf('1 GiB')).toBe('That is 524,288 slots; this memory has 34,816.');
    expect(slotsOf('101 %')).toMatch(/^That is 35,164 slots/);
  });
});

describe('a threshold in words', () => {
  it('has all three units, the percent of the present capacity', () => {
    expect(thresholdWords(22_937, CAPACITY, 0)).toBe(
      '22,937 slots, 44.8 MiB, 65.9 % of the capacity',
    );
  });

  it('says that it is the default, and that it lies beyond', () => {
    expect(thresholdWords(5, 10, 5)).toContain('the default');
    expect(thresholdWords(50_000, CAPACITY, 5)).toContain('more than there is');
  });
});
