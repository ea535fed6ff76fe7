import { expect, test } from 'vitest';
import { recordedAttempt } from './grown-pool.ts';

test.each([
  [2048, 32_768, 0],
  [1024, 32_768, 1],
  [512, 32_768, 2],
  [512, 512, 0],
  [640, 1280, 1],
  // Less than any halving gives: it ends.
  [64, 2048, 4],
])('a pool of %i slots beside one of %i was refused %i orders', (nslabs, initial, refused) => {
  const { tries, slots, by } = recordedAttempt(nslabs, initial);
  expect(tries).toHaveLength(refused);
  expect({ slots, by }).toEqual({ slots: nslabs, by: 'worker' });
});
