import { expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { LoadClock } from './load-clock.ts';

const CYCLE_NS = 1e6;

function arrivals(ratePerSecond: number, burst: number, untilNs: number): number[] {
  const clock = new LoadClock(new Chance(11), CYCLE_NS);
  const times: number[] = [];
  for (let nowNs = 0; nowNs < untilNs;) {
    nowNs = clock.nextNs(nowNs, ratePerSecond, burst);
    times.push(nowNs);
  }
  return times;
}

test('a steady load comes at its rate, in whole nanoseconds and in order', () => {
  const times = arrivals(50_000, 1, 1e9);
  expect(times.length / 50_000).toBeCloseTo(1, 1);
  expect(times.every((time) => Number.isInteger(time))).toBe(true);
  expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
});

test('a bursty load has the same mean rate, in a tenth of each cycle', () => {
  const times = arrivals(50_000, 10, 1e9);
  expect(times.length / 50_000).toBeCloseTo(1, 1);
  const phases = times.map((time) => time % CYCLE_NS).toSorted((one, other) => one - other);
  // Somewhere in the cycle lies a gap of nine tenths, if need be around its end.
  const around = [...phases, (phases[0] ?? 0) + CYCLE_NS];
  const gaps = around.slice(1).map((phase, index) => phase - (around[index] ?? 0));
  expect(Math.max(...gaps)).toBeGreaterThan(0.89 * CYCLE_NS);
});

test('a rate of 0 means never', () => {
  expect(new LoadClock(new Chance(1), CYCLE_NS).nextNs(5, 0, 4)).toBe(Infinity);
});
