import { describe, expect, it } from 'vitest';
import { flatMachine } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { gfp, type Gfp } from './gfp.ts';
import { CMA, HIGHATOMIC, MOVABLE } from './migrate-type.ts';
import { moveFreeBlocks } from './page-steal.ts';
import { isWatermarkOk, minFreeKib, setUpWatermarks } from './watermarks.ts';
import type { Zone } from './zone.ts';

/** A zone of 8192 free pages. */
function freeZone(): Zone {
  const [zone] = bootMemory(flatMachine(32)).zones;
  if (zone === undefined) throw new Error('no zone');
  return zone;
}

/** The highest mark at which the zone still serves the request. */
function highestMark(zone: Zone, order: number, { highestZone, slowFlags }: Gfp): number {
  let mark = 0;
  while (isWatermarkOk(zone, order, mark + 1, highestZone, slowFlags)) mark++;
  return mark;
}

describe('watermarks at boot', () => {
  it('are those of a recorded machine of 160 MiB', () => {
    // Managed pages at the time its kernel set them; `zoneinfo` shows these marks.
    const managed = [3840, 35_580, 0] as const;
    const minKib = minFreeKib(3840 + 35_580);
    expect(minKib).toBe(1588);
    expect(setUpWatermarks(managed, minKib)).toEqual([
      { min: 38, low: 47, high: 56, reserve: [0, 138, 138] },
      { min: 358, low: 447, high: 536, reserve: [0, 0, 0] },
      { min: 0, low: 0, high: 0, reserve: [0, 0, 0] },
    ]);
  });

  it('keep low zones for those that need them, by what lies above', () => {
    const marks = setUpWatermarks([4000, 800_000, 3_000_000], 65_536);
    expect(marks.map(({ reserve }) => reserve)).toEqual([
      [0, 3125, 14_843],
      [0, 0, 11_718],
      [0, 0, 0],
    ]);
  });

  it('have bounds: 128 KiB and 256 MiB', () => {
    expect(minFreeKib(1)).toBe(128);
    expect(minFreeKib(2 ** 34)).toBe(262_144);
    expect(setUpWatermarks([0, 0, 0], 128).map(({ min }) => min)).toEqual([0, 0, 0]);
  });
});

describe('a zone above its mark', () => {
  it('must keep more than the mark free when the block is gone', () => {
    expect(highestMark(freeZone(), 0, gfp('kernel'))).toBe(8191);
    expect(highestMark(freeZone(), 10, gfp('kernel'))).toBe(8191 - 1023);
  });

  it('lets atomic requests go to three eighths of it, and others no lower for being in a hurry', () => {
    const zone = freeZone();
    expect(highestMark(zone, 0, gfp('nowait'))).toBe(8191);
    // 21842 less half is 10921, less a quarter of that 8191.
    expect(highestMark(zone, 0, gfp('atomic'))).toBe(21_842);
  });

  it('keeps the reserve from requests that could have gone higher', () => {
    const zone = freeZone();
    zone.marks = { ...zone.marks, reserve: [0, 0, 1000] };
    expect(highestMark(zone, 0, gfp('kernel', 4))).toBe(8191);
    expect(highestMark(zone, 0, gfp('kernel'))).toBe(7191);
  });

  it('does not count pages that the request may not have', () => {
    const zone = freeZone();
    moveFreeBlocks(zone, 0, CMA);
    moveFreeBlocks(zone, 1, HIGHATOMIC);
    expect(highestMark(zone, 0, gfp('kernel'))).toBe(8191 - 1024);
    expect(highestMark(zone, 0, gfp('kernel', 0, MOVABLE))).toBe(8191 - 512);
    expect(highestMark(zone, 0, gfp('nowait'))).toBe(8191 - 512);
  });

  it('needs a block of the order, however much is free', () => {
    const zone = freeZone();
    for (let block = 0; block < 16; block += 2) moveFreeBlocks(zone, block, CMA);
    expect(isWatermarkOk(zone, 9, 0, 1, 0)).toBe(true);
    expect(isWatermarkOk(zone, 10, 0, 1, 0)).toBe(false);
  });
});
