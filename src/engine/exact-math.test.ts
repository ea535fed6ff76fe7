import { expect, test } from 'vitest';
import { exactExp, exactLog } from './exact-math.ts';

const relativeError = (got: number, expected: number) => Math.abs(got / expected - 1);

test('exp agrees with the built-in one to 14 digits over the range that distributions use', () => {
  for (let x = -30; x <= 30; x += 0.0137) {
    expect(relativeError(exactExp(x), Math.exp(x))).toBeLessThan(1e-14);
  }
  expect(exactExp(0)).toBe(1);
});

test('log agrees with the built-in one to 14 digits, for tiny, ordinary and huge numbers', () => {
  for (let x = 2 ** -40; x < 2 ** 60; x *= 1.0173) {
    expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThan(1e-13);
  }
  expect(exactLog(1)).toBe(0);
});

test('the last bits are fixed for ever: a run of today is the run of tomorrow', () => {
  expect(exactExp(1)).toBe(2.7182818284590455);
  expect(exactExp(-0.75)).toBe(0.4723665527410147);
  expect(exactLog(7.3)).toBe(1.9878743481543455);
  expect(exactLog(0.3)).toBe(-1.2039728043259361);
});
