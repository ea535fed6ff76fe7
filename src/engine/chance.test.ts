import { expect, test } from 'vitest';
import { Chance, WeightedChoice } from './chance.ts';

const DRAWS = 40_000;

function draws(draw: (chance: Chance) => number, seed = 7): number[] {
  const chance = new Chance(seed);
  return Array.from({ length: DRAWS }, () => draw(chance));
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

test('the same seed gives the same numbers, another seed others', () => {
  const first = draws((chance) => chance.word(), 42).slice(0, 100);
  expect(draws((chance) => chance.word(), 42).slice(0, 100)).toEqual(first);
  expect(draws((chance) => chance.word(), 43).slice(0, 100)).not.toEqual(first);
});

test('neighbouring seeds do not give neighbouring numbers', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => new Chance(seed).unit());
  expect(mean(firsts)).toBeCloseTo(0.5, 1);
  expect(new Set(firsts).size).toBe(1000);
});

test('below() reaches every value evenly and no other', () => {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (const value of draws((chance) => chance.below(7))) counts[value] = (counts[value] ?? 0) + 1;
  expect(counts).toHaveLength(7);
  for (const count of counts) expect(count / DRAWS).toBeCloseTo(1 / 7, 2);
});

test('hits() with a share of 0 never, of 1 always', () => {
  expect(draws((chance) => Number(chance.hits(0))).includes(1)).toBe(false);
  expect(draws((chance) => Number(chance.hits(1))).includes(0)).toBe(false);
  expect(mean(draws((chance) => Number(chance.hits(0.3))))).toBeCloseTo(0.3, 2);
});

test('waits are exponential: right mean, and a share of 1/e longer than it', () => {
  const waits = draws((chance) => chance.exponential(250));
  expect(mean(waits) / 250).toBeCloseTo(1, 1);
  expect(waits.filter((wait) => wait > 250).length / DRAWS).toBeCloseTo(Math.exp(-1), 2);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
});

test('latencies are log-normal: half below the median, and the spread of their logarithm', () => {
  const logs = draws((chance) => Math.log(chance.logNormal(900, 0.6) / 900));
  expect(logs.filter((log) => log < 0).length / DRAWS).toBeCloseTo(0.5, 2);
  expect(mean(logs.map((log) => log * log))).toBeCloseTo(0.36, 1);
});

test('a spread of 0 gives the median itself', () => {
  expect(new Chance(1).logNormal(125, 0)).toBe(125);
});

test('a weighted choice follows its weights and leaves out those of weight 0', () => {
  const choice = new WeightedChoice([3, 0, 1]);
  const chosen = draws((chance) => choice.draw(chance));
  expect(chosen.filter((index) => index === 0).length / DRAWS).toBeCloseTo(0.75, 2);
  expect(chosen.includes(1)).toBe(false);
});

test('weights that add up to nothing are refused', () => {
  expect(() => new WeightedChoice([0, 0])).toThrow('weights add up to 0');
  expect(() => new WeightedChoice([])).toThrow(RangeError);
});
