import { expect, test } from 'vitest';
import { DEVICE_FIELDS, FIXED_SERIES, HISTORY_BUCKETS, SERIES } from './frame.ts';
import { GrowthTotals } from './growth-totals.ts';
import { History } from './history.ts';

class Usage {
  used = 0;
  capacity = 100;
  hiwater = 0;
  failedMaps = 0;
  highThrottle = 0;
  lowThrottle = 0;
  throttleWaiting = 0;
  transientSlots = 0;
  readonly growthTotals = new GrowthTotals();
  readonly growth = this.growthTotals.counts;
  readonly deviceRows = new Float64Array(DEVICE_FIELDS);
  readonly history = new History(1, this, 10);

  /** The use becomes `used` at `timeNs`. */
  set(timeNs: number, used: number): void {
    this.history.advance(timeNs);
    this.used = used;
    this.hiwater = Math.max(this.hiwater, used);
    this.deviceRows[0] = used;
    this.history.sample(used);
  }

  series(row: number): number[] {
    this.history.showOpen();
    const from = row * HISTORY_BUCKETS;
    return [...this.history.series.subarray(from, from + this.history.filled)];
  }
}

test('a bucket keeps the lowest and the highest use in it', () => {
  const usage = new Usage();
  usage.set(1, 5);
  usage.set(3, 40);
  usage.set(7, 2);
  usage.set(12, 9);
  expect(usage.series(SERIES.usedMin)).toEqual([0, 2]);
  expect(usage.series(SERIES.usedMax)).toEqual([40, 9]);
});

test('a stretch in which nothing happens shows the use as it stood', () => {
  const usage = new Usage();
  usage.set(5, 30);
  usage.history.advance(45);
  expect(usage.series(SERIES.usedMin)).toEqual([0, 30, 30, 30, 30]);
  expect(usage.series(SERIES.usedMax)).toEqual([30, 30, 30, 30, 30]);
  expect(usage.series(SERIES.hiwater)).toEqual([30, 30, 30, 30, 30]);
  expect(usage.series(SERIES.capacity)).toEqual([100, 100, 100, 100, 100]);
});

test('devices are shown as they stand at the end of each bucket', () => {
  const usage = new Usage();
  usage.set(5, 30);
  usage.set(9, 12);
  usage.set(15, 20);
  expect(usage.series(FIXED_SERIES)).toEqual([12, 20]);
});

test('failures are counted in the bucket they happened in', () => {
  const usage = new Usage();
  usage.failedMaps = 2;
  usage.history.advance(20);
  usage.failedMaps = 3;
  expect(usage.series(SERIES.failures)).toEqual([2, 0, 1]);
});

test('when all buckets are full they merge by twos: extremes stay, failures add', () => {
  const usage = new Usage();
  for (let bucket = 0; bucket < HISTORY_BUCKETS; bucket++) {
    usage.set(bucket * 10 + 1, bucket % 2 === 0 ? 50 : 10);
    usage.failedMaps++;
  }
  expect(usage.history.bucketNs).toBe(10);
  usage.history.advance(HISTORY_BUCKETS * 10);
  expect(usage.history.bucketNs).toBe(20);
  expect(usage.history.filled).toBe(HISTORY_BUCKETS / 2 + 1);
  expect(usage.series(SERIES.usedMax).slice(0, -1)).toEqual(
    Array.from({ length: HISTORY_BUCKETS / 2 }, () => 50),
  );
  const failures = usage.series(SERIES.failures);
  expect(failures.reduce((sum, count) => sum + count, 0)).toBe(HISTORY_BUCKETS);
  expect(new Set(failures.slice(0, -1))).toEqual(new Set([2]));
});

test('a run a thousand times longer than the first buckets still fits', () => {
  const usage = new Usage();
  for (let step = 0; step < 1000; step++) usage.set(step * HISTORY_BUCKETS * 10, step);
  expect(usage.history.filled).toBeLessThanOrEqual(HISTORY_BUCKETS);
  expect(usage.history.filled * usage.history.bucketNs).toBeGreaterThan(999 * HISTORY_BUCKETS * 10);
  expect(Math.max(...usage.series(SERIES.usedMax))).toBe(999);
});

test('what a stretch shows is how it was, though nothing was told before the change after it', () => {
  const usage = new Usage();
  usage.set(5, 30);
  // The model maps first, and the books are written after it.
  usage.used = 80;
  usage.hiwater = 80;
  usage.history.advance(45);
  usage.history.sample(80);
  expect(usage.series(SERIES.usedMin)).toEqual([0, 30, 30, 30, 30]);
  expect(usage.series(SERIES.usedMax)).toEqual([30, 30, 30, 30, 80]);
  expect(usage.series(SERIES.hiwater)).toEqual([30, 30, 30, 30, 80]);
});

test('a bucket keeps the fewest and the most transient slots in it', () => {
  const usage = new Usage();
  usage.transientSlots = 32;
  usage.set(3, 10);
  usage.transientSlots = 8;
  usage.set(7, 4);
  usage.transientSlots = 16;
  usage.set(12, 4);
  expect(usage.series(SERIES.transientMin)).toEqual([0, 8]);
  expect(usage.series(SERIES.transientMax)).toEqual([32, 16]);
});

test('attempts to grow are counted by what became of them, none lost however long the run', () => {
  const usage = new Usage();
  const refused = { path: 'failed' };
  const served = { path: 'fast' };
  const steps = 5 * HISTORY_BUCKETS;
  for (let step = 0; step < steps; step++) {
    usage.history.advance(step * 10);
    usage.growthTotals.add({ by: 'transient', slots: 32, tries: [served] });
    if (step % 2 === 0)
      usage.growthTotals.add({ by: 'worker', slots: 64, tries: [refused, served] });
    if (step % 5 === 0) usage.growthTotals.convert(3);
  }
  usage.growthTotals.add({ by: 'transient', slots: 0, tries: [served] });
  usage.growthTotals.add({ by: 'worker', slots: 0, tries: [refused, refused] });
  usage.growthTotals.add({ by: 'request', slots: 128, tries: [served] });
  const sum = (row: number) => usage.series(row).reduce((all, count) => all + count, 0);
  expect(sum(SERIES.transients)).toBe(steps);
  expect(sum(SERIES.halved)).toBe(steps / 2);
  expect(sum(SERIES.ordersRefused)).toBe(steps / 2 + 2);
  expect(sum(SERIES.conversions)).toBe((3 * steps) / 5);
  const singles = [SERIES.grown, SERIES.growthFailed, SERIES.transientsFailed].map(sum);
  expect(singles).toEqual([1, 1, 1]);
  expect(usage.series(SERIES.growthFailed).lastIndexOf(1)).toBe(usage.history.filled - 1);
});
