import { expect, test } from 'vitest';
import type { GrowthAttempt, GrowthTry } from '../store/reports.ts';
import {
  convertedWords,
  freeByOrder,
  gotWords,
  largestWords,
  tryWords,
  unusedWords,
} from './growth-words.ts';

const asked = (part: Partial<GrowthTry>): GrowthTry => ({
  what: 'pool',
  order: 10,
  zone: 4,
  from: 'DMA32',
  path: 'fast',
  migrated: 0,
  ...part,
});
const attempt = (part: Partial<GrowthAttempt>): GrowthAttempt => ({
  serial: 1,
  timeNs: 0,
  event: 1,
  by: 'worker',
  tries: [],
  slots: 0,
  freeBefore: [5, 0, 1],
  converted: [0, 0, 0],
  costNs: 0,
  ...part,
});

test('a refused block is told with the largest that was free', () => {
  const refused = asked({ path: 'failed', from: null });
  expect(tryWords(refused, attempt({}))).toBe(
    'Order 10 (4 MiB) for the pool: refused; the largest free block had order 2.',
  );
  expect(tryWords(refused, attempt({ freeBefore: [0, 0] }))).toContain('nothing was free');
});

test('a block that was free and not given is told so, and a transient pool that it may not sleep', () => {
  const refused = asked({ order: 1, path: 'failed', from: null });
  expect(tryWords(refused, attempt({ by: 'transient' }))).toMatch(
    /though a block of order 2 was free: the zone or its reserve kept it\. It must not sleep/,
  );
});

test('a block that was got is told with its zone and what it took', () => {
  expect(tryWords(asked({}), attempt({}))).toBe(
    'Order 10 (4 MiB) for the pool: taken from zone DMA32 at once.',
  );
  expect(tryWords(asked({ path: 'compacted', migrated: 12 }), attempt({}))).toContain(
    'after 12 pages had been moved',
  );
});

test('what was got and what was converted are told exactly', () => {
  expect(gotWords(attempt({ slots: 1024 }))).toBe('1,024 slots · 2 MiB');
  expect(gotWords(attempt({}))).toBe('nothing');
  expect(convertedWords([1, 4, 2])).toBe('1 conversion (2 × 2 MiB, 4 × 4 KiB)');
  expect(convertedWords([0, 0, 0])).toBe('');
});

test('pages that were got and are of no use are told with the reason', () => {
  const unfit = attempt({ by: 'transient', tries: [asked({}), asked({ what: 'slots' })] });
  expect(gotWords(unfit)).toBe('no use');
  expect(unusedWords(unfit)).toContain('the request did not fit');
  expect(unusedWords(attempt({ tries: [asked({})] }))).toContain(
    'beyond what the device can reach',
  );
  expect(unusedWords(attempt({ tries: [asked({ path: 'failed' })] }))).toBeNull();
});

test('free blocks are added over the zones of a buddyinfo, and the largest is named', () => {
  const text =
    'Node 0, zone      DMA      0      0      1 \nNode 0, zone    DMA32      3      2      0 \n';
  expect(freeByOrder(text)).toEqual([3, 2, 1]);
  expect(largestWords(text)).toBe('2 (16 KiB)');
  expect(largestWords('')).toBe('none');
});

test('a block the host would not share counts as refused, and is told with what became of it', () => {
  const unshared = asked({ order: 9, unshared: true });
  expect(tryWords(unshared, attempt({}))).toBe(
    'Order 9 (2 MiB) for the pool: taken from zone DMA32 at once, but the host would not share it: made private again, and free again.',
  );
  expect(unusedWords(attempt({ tries: [unshared] }))).toBeNull();
  expect(gotWords(attempt({ tries: [unshared] }))).toBe('nothing');
});

test('a refill is told in bytes of the coherent pools', () => {
  const refill = attempt({
    by: 'refill',
    slots: 192,
    tries: [asked({ what: 'refill', order: 5 })],
  });
  expect(gotWords(refill)).toBe('384 KiB for the coherent pools');
  expect(tryWords(asked({ what: 'refill', order: 5 }), refill)).toBe(
    'Order 5 (128 KiB) for a coherent pool: taken from zone DMA32 at once.',
  );
});
