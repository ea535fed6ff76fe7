import { expect, test } from 'vitest';
import { EventHash } from './event-hash.ts';

function hashOf(...values: number[]): string {
  const hash = new EventHash();
  for (const value of values) hash.number(value);
  return hash.hex;
}

test('a hash has 16 hex digits, also before anything was added', () => {
  expect(hashOf()).toMatch(/^[0-9a-f]{16}$/);
  expect(hashOf(1, 2, 3)).toMatch(/^[0-9a-f]{16}$/);
});

test('order, value and number of entries count', () => {
  const hashes = [hashOf(), hashOf(0), hashOf(0, 0), hashOf(1, 2), hashOf(2, 1), hashOf(-1)];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('numbers that agree in their low 32 bits are told apart', () => {
  expect(hashOf(5)).not.toBe(hashOf(5 + 2 ** 32));
  expect(hashOf(2 ** 52)).not.toBe(hashOf(0));
});

test('a hundred thousand different entries meet nowhere', () => {
  const seen = new Set<string>();
  for (let value = 0; value < 100_000; value++) seen.add(hashOf(value));
  expect(seen.size).toBe(100_000);
});
