import { expect, test } from 'vitest';
import { positionOf, uptimeAt, UPTIME_MAX, uptimeWords } from './ageing-scale.ts';

test('the dial of the uptime goes from nothing over an hour to 10,000 hours', () => {
  expect([0, 1, 21, 41, 61, UPTIME_MAX].map(uptimeAt)).toEqual([0, 1, 10, 100, 1000, 10_000]);
});

test('every position has hours of its own, so that a key never sticks', () => {
  const hours = Array.from({ length: UPTIME_MAX + 1 }, (_, position) => uptimeAt(position));
  expect(hours.map(positionOf)).toEqual(hours.map((_, position) => position));
});

test('an uptime is told in hours for two days, then in days', () => {
  expect([0, 1.12, 36, 720, 10_000].map(uptimeWords)).toEqual([
    '0 h',
    '1.1 h',
    '36 h',
    '30 days',
    '417 days',
  ]);
});
