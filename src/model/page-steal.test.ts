import { describe, expect, it } from 'vitest';
import { faultsOf, flatMachine, freeList } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { ALLOC_NOFRAGMENT, gfp } from './gfp.ts';
import { MOVABLE, RECLAIMABLE, UNMOVABLE } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';
import { PAGEBLOCK_ORDER } from './page-map.ts';
import { takeFallback } from './page-steal.ts';
import type { Zone } from './zone.ts';

const UNMOVABLE_PAGE = gfp('nowait', 4);
const MOVABLE_PAGE = gfp('nowait', 4, MOVABLE);
const RECLAIMABLE_PAGE = gfp('nowait', 4, RECLAIMABLE);

/** `mib` MiB in one zone without marks, so that everything can be used up. */
function machine(mib: number): { allocator: PageAllocator; zone: Zone } {
  const allocator = new PageAllocator(bootMemory(flatMachine(mib)));
  const [zone] = allocator.zones;
  if (zone === undefined) throw new Error('no zone');
  zone.marks = { min: 0, low: 0, high: 400, reserve: [0, 0, 0] };
  return { allocator, zone };
}

/** Uses up all memory with blocks of an order. @returns their page frames. */
function fill(allocator: PageAllocator, order: number, request: typeof MOVABLE_PAGE): number[] {
  const taken: number[] = [];
  for (let pfn = allocator.alloc(order, request); pfn !== -1;) {
    taken.push(pfn);
    pfn = allocator.alloc(order, request);
  }
  return taken;
}

function kindOf({ pages }: PageAllocator, pfn: number): number | undefined {
  return pages.blockType[pages.indexOf(pfn) >>> PAGEBLOCK_ORDER];
}

/** The boost after each of three pageblocks of a full machine that had a page taken out of it. */
function boosts(mib: number): number[] {
  const { allocator, zone } = machine(mib);
  const firsts = fill(allocator, 0, MOVABLE_PAGE).filter((pfn) => pfn % 512 === 0);
  return firsts.slice(0, 3).map((pfn) => {
    allocator.free(pfn, 0);
    expect(takeFallback(zone, 0, UNMOVABLE, 0)).toBe(allocator.pages.indexOf(pfn));
    return zone.boost;
  });
}

describe('a request whose own kind has run out', () => {
  it('takes the largest block of another kind and the pageblocks it covers', () => {
    const { allocator, zone } = machine(16);
    const pfn = allocator.alloc(0, UNMOVABLE_PAGE);
    expect([kindOf(allocator, pfn), kindOf(allocator, pfn + 512)]).toEqual([UNMOVABLE, UNMOVABLE]);
    expect(freeList(zone, 9, UNMOVABLE)).toEqual([pfn + 512]);
    expect(zone.boost).toBe(0);
  });

  it('prefers reclaimable pageblocks to movable ones', () => {
    const { allocator, zone } = machine(16);
    const reclaimable = allocator.alloc(10, RECLAIMABLE_PAGE);
    allocator.free(reclaimable, 10);
    expect(kindOf(allocator, reclaimable)).toBe(RECLAIMABLE);
    expect(allocator.alloc(0, UNMOVABLE_PAGE)).toBe(reclaimable);
    expect(zone.blocks(10, MOVABLE)).toBe(3);
  });

  it('takes a pageblock over when half of it is free, and raises the marks', () => {
    const { allocator, zone } = machine(16);
    const movable = fill(allocator, 0, MOVABLE_PAGE);
    const block = movable.filter((pfn) => pfn >= 4608 && pfn < 5120);
    for (const pfn of block.slice(0, 256)) allocator.free(pfn, 0);
    const pfn = allocator.alloc(3, UNMOVABLE_PAGE);
    expect(pfn).toBe(4608);
    expect(kindOf(allocator, pfn)).toBe(UNMOVABLE);
    expect(zone.ordersFrom(0, MOVABLE)).toBe(0);
    expect(zone.boost).toBe(512);
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('leaves the pageblock its kind when most of it is in use by movable pages', () => {
    const { allocator, zone } = machine(16);
    const movable = fill(allocator, 0, MOVABLE_PAGE);
    const block = movable.filter((pfn) => pfn >= 4608 && pfn < 5120);
    for (const pfn of block.slice(0, 128)) allocator.free(pfn, 0);
    expect(allocator.alloc(3, UNMOVABLE_PAGE)).toBe(4608);
    expect(kindOf(allocator, 4608)).toBe(MOVABLE);
    expect(freeList(zone, 6, MOVABLE)).toEqual([4608 + 64]);
  });

  it('takes it over when those in use are not movable either', () => {
    const { allocator, zone } = machine(16);
    zone.marks = { ...zone.marks, high: 0 };
    // Unmovable pages that came into a movable pageblock when theirs were full.
    const movable = fill(allocator, 0, MOVABLE_PAGE);
    const block = movable.filter((pfn) => pfn >= 4608 && pfn < 5120);
    for (const pfn of block.slice(0, 200)) allocator.free(pfn, 0);
    const taken = Array.from({ length: 200 }, () => allocator.alloc(0, UNMOVABLE_PAGE));
    expect(taken.every((pfn) => pfn >= 4608 && pfn < 5120)).toBe(true);
    for (const pfn of block.slice(200, 280)) allocator.free(pfn, 0);
    allocator.alloc(0, UNMOVABLE_PAGE);
    expect(kindOf(allocator, 4608)).toBe(UNMOVABLE);
  });

  it('takes the smallest block for a movable page, the largest when that is half a pageblock’s order', () => {
    const { allocator, zone } = machine(16);
    const unmovable = fill(allocator, 0, UNMOVABLE_PAGE);
    for (const pfn of unmovable.filter((frame) => frame === 4608)) allocator.free(pfn, 0);
    for (const pfn of unmovable.filter((frame) => frame >= 5120 && frame < 5128)) {
      allocator.free(pfn, 0);
    }
    expect(zone.blocks(3, UNMOVABLE)).toBe(1);
    expect(allocator.alloc(0, MOVABLE_PAGE)).toBe(4608);
    for (const pfn of unmovable.filter((frame) => frame >= 5632 && frame < 5664)) {
      allocator.free(pfn, 0);
    }
    expect(allocator.alloc(0, MOVABLE_PAGE)).toBe(5632);
  });

  it('raises the marks by one and a half times the high mark at most, in a zone large enough', () => {
    expect(boosts(8)).toEqual([512, 600, 600]);
    expect(boosts(7)).toEqual([0, 0, 0]);
  });

  it('takes nothing smaller than a pageblock when kinds shall not be mixed', () => {
    const { allocator, zone } = machine(16);
    const movable = fill(allocator, 8, MOVABLE_PAGE);
    allocator.free(movable[0] ?? -1, 8);
    expect(takeFallback(zone, 0, UNMOVABLE, ALLOC_NOFRAGMENT)).toBe(-1);
    expect(takeFallback(zone, 0, UNMOVABLE, 0)).not.toBe(-1);
  });
});
