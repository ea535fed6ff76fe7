import { expect, test } from 'vitest';
import fc from 'fast-check';
import { MapTimes } from './map-times.ts';

function timesOf(all: readonly number[]): MapTimes {
  const times = new MapTimes();
  for (const ns of all) times.add(ns);
  return times;
}

test('a quantile is never below the true one, and at most 1/32 above it', () => {
  const anyTime = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const anyShare = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(anyTime, { minLength: 1, maxLength: 60 }), anyShare, (all, share) => {
      const sorted = all.toSorted((one, other) => one - other);
      const exact = sorted[Math.ceil(share * all.length) - 1] ?? 0;
      const told = timesOf(all).quantileNs(share);
      expect(told).toBeGreaterThanOrEqual(exact);
      expect(told).toBeLessThanOrEqual(exact + exact / 32);
    }),
  );
});

test('without maps there is nothing to tell; very long ones are counted', () => {
  expect(timesOf([]).quantileNs(0.5)).toBe(0);
  const times = timesOf([10, 2 ** 40]);
  expect(times.count).toBe(2);
  expect(times.sumNs).toBe(10 + 2 ** 40);
  expect(times.quantileNs(1)).toBe(2 ** 31 - 1);
});
