import { expect, test } from 'vitest';
import { WAIT_BINS } from './frame.ts';
import { waitBin, WaitStats } from './wait-stats.ts';

test('waits fall into five bins a decade, from a microsecond on; the ends take what is beyond', () => {
  expect(waitBin(1)).toBe(0);
  expect(waitBin(1000)).toBe(0);
  expect(waitBin(10_100)).toBe(5);
  expect(waitBin(1_010_000)).toBe(15);
  expect(waitBin(1e15)).toBe(WAIT_BINS - 1);
});

test('mean and longest are exact, quantiles right to 3 %', () => {
  const stats = new WaitStats();
  for (let wait = 1; wait <= 1000; wait++) stats.add(wait * 10_000);
  expect(stats.count).toBe(1000);
  expect(stats.meanNs).toBe(5_005_000);
  expect(stats.maxNs).toBe(10_000_000);
  for (const [quantile, ns] of [
    [0.5, 5_000_000],
    [0.99, 9_900_000],
  ] as const) {
    expect(Math.abs(stats.quantileNs(quantile) / ns - 1)).toBeLessThan(0.03);
  }
});

test('no quantile is above the longest wait, and without waits all are 0', () => {
  const stats = new WaitStats();
  expect([stats.meanNs, stats.maxNs, stats.quantileNs(0.5)]).toEqual([0, 0, 0]);
  stats.add(123_456);
  expect(stats.quantileNs(0.99)).toBe(123_456);
});

test('the bins hold every wait once', () => {
  const stats = new WaitStats();
  for (const wait of [10, 2000, 2100, 5_000_000, 1e13]) stats.add(wait);
  const bins = new Float64Array(WAIT_BINS);
  stats.writeBins(bins);
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(5);
  expect([bins[0], bins[1], bins[WAIT_BINS - 1]]).toEqual([1, 2, 1]);
});
