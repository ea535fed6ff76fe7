import { expect, it } from 'vitest';
import type { Readout } from '../store/readout.ts';
import { readoutOf } from '../store/readout.ts';
import { frameFrom } from '../testing/frame-art.ts';
import { standsMs } from './narrator-hold.ts';
import { freeWords, say, sayNow } from './narrator-words.ts';

const READOUT = readoutOf(frameFrom({}));
const using = (used: number): Readout => ({ ...READOUT, slots: 1000, used });
const half = sayNow(
  'Half of the memory is free, yet 9 requests wait.',
  null,
  freeWords,
  using(500),
);
const other = say('Requests wait.');

it('holds a sentence that is still true, and lets one go that is not', () => {
  expect(standsMs(half, other, using(510), true)).toBe(2000);
  expect(standsMs(half, other, using(900), true)).toBe(0);
  expect(standsMs(other, half, using(900), true)).toBe(2000);
});

it('holds back neither new numbers in the same sentence, nor anything while time stands', () => {
  const most = say('Most of the memory is free, yet 12 requests wait.');
  expect(standsMs(half, most, using(510), true)).toBe(0);
  expect(standsMs(half, other, using(510), false)).toBe(0);
});
