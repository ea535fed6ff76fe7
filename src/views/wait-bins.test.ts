import { describe, expect, it } from 'vitest';
import { WAIT_BINS } from '../engine/frame.ts';
import { waitRange } from './wait-bins.ts';

const bins = (counts: Readonly<Record<number, number>> = {}) =>
  Array.from({ length: WAIT_BINS }, (_, bin) => counts[bin] ?? 0);
const EMPTY = ['100 µs', '1 ms', '10 ms', '100 ms'];
const texts = (range: ReturnType<typeof waitRange>) => range.marks.map(({ text }) => text);

describe('the range of waits', () => {
  it('is 100 µs to 100 ms while nothing has waited', () => {
    const range = waitRange(bins(), bins());
    expect(texts(range)).toEqual(EMPTY);
    expect(range).toMatchObject({ most: 0 });
    expect(range.bars).toHaveLength(15);
  });

  it('is whole decades around what there is, at least three', () => {
    expect(texts(waitRange(bins({ 22: 1 }), bins({ 24: 2 })))).toEqual(EMPTY);
    expect(texts(waitRange(bins({ 0: 1 }), bins()))).toEqual(['1 µs', '10 µs', '100 µs', '1 ms']);
    expect(texts(waitRange(bins({ 39: 1 }), bins())).at(-1)).toBe('100 s');
  });

  it('keeps both kinds of a bin apart, and knows the tallest bar', () => {
    const range = waitRange(bins({ 20: 3 }), bins({ 20: 4, 21: 1 }));
    expect(range.bars).toContainEqual({ over: 3, ongoing: 4 });
    expect(range.most).toBe(7);
  });

  it('loses no wait, however far apart they lie', () => {
    const { bars, marks } = waitRange(bins({ 0: 5 }), bins({ 39: 6 }));
    expect(bars).toHaveLength(WAIT_BINS);
    expect(bars[0]?.over).toBe(5);
    expect(bars.at(-1)?.ongoing).toBe(6);
    expect(marks.length).toBeLessThanOrEqual(5);
  });
});
