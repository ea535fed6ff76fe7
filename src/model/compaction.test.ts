import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testRandom } from '../testing/random-machine.ts';
import { faultsOf, flatMachine } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { compactZones, fragmentationIndex, type CompactionTally } from './compaction.ts';
import { gfp } from './gfp.ts';
import { MOVABLE } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';
import type { Zone } from './zone.ts';

const KERNEL = gfp('kernel', 4);
const MOVABLE_PAGE = gfp('nowait', 4, MOVABLE);

interface Machine {
  readonly allocator: PageAllocator;
  readonly zone: Zone;
  /** Page frames in use, kept in step with migration. */
  readonly held: Set<number>;
}

/** 32 MiB full of movable pages, of which every `keep`-th stays. */
function riddled(keep: number): Machine {
  const allocator = new PageAllocator(bootMemory(flatMachine(32)));
  const [zone] = allocator.zones;
  if (zone === undefined) throw new Error('no zone');
  const held = new Set<number>();
  allocator.onMigrate = (from, to) => {
    expect(held.delete(from)).toBe(true);
    held.add(to);
  };
  for (let pfn = allocator.alloc(0, MOVABLE_PAGE); pfn !== -1;) {
    held.add(pfn);
    pfn = allocator.alloc(0, MOVABLE_PAGE);
  }
  for (const [at, pfn] of [...held].entries()) {
    if (at % keep === 0) continue;
    allocator.free(pfn, 0);
    held.delete(pfn);
  }
  return { allocator, zone, held };
}

describe('a sleeping request for a large block on a fragmented machine', () => {
  it('has movable pages moved out of the way, and pays for them', () => {
    const { allocator, held } = riddled(4);
    const pages = held.size;
    expect(allocator.alloc(10, gfp('nowait', 4))).toBe(-1);
    const pfn = allocator.alloc(10, KERNEL);
    expect(pfn).toBe(4096);
    const { path, compaction } = allocator.outcome;
    expect(path).toBe('compacted');
    expect(compaction).toMatchObject({ runs: 2, migrated: 256, deferred: 0 });
    expect(compaction.scanned).toBe(1024);
    expect(compaction.freeScanned).toBeGreaterThanOrEqual(256);
    expect(held.size).toBe(pages);
    expect([...held].every((frame) => frame < pfn || frame >= pfn + 1024)).toBe(true);
    expect(faultsOf(allocator)).toEqual([]);
    // The next request needs none, and says so.
    allocator.alloc(0, KERNEL);
    expect(compaction).toMatchObject({ runs: 0, scanned: 0, migrated: 0 });
  });

  it('fails without compaction', () => {
    const { allocator } = riddled(4);
    allocator.compaction = false;
    expect(allocator.alloc(10, KERNEL)).toBe(-1);
    expect(allocator.outcome.compaction).toEqual({
      runs: 0,
      scanned: 0,
      freeScanned: 0,
      migrated: 0,
      deferred: 0,
    });
  });

  it('goes past blocks with a pinned page', () => {
    const { allocator, held } = riddled(4);
    const pinned = [...held].find((pfn) => pfn >= 4096 && pfn < 5120) ?? -1;
    allocator.pin(pinned, true);
    expect(allocator.alloc(10, KERNEL)).toBe(5120);
    expect(held.has(pinned)).toBe(true);
  });

  it('fails when every block has one', () => {
    const { allocator, held } = riddled(4);
    const chunks = new Set<number>();
    for (const pfn of held) {
      if (chunks.has(pfn >> 10)) continue;
      chunks.add(pfn >> 10);
      allocator.pin(pfn, true);
    }
    expect(allocator.alloc(10, KERNEL)).toBe(-1);
    expect(allocator.outcome.compaction.migrated).toBeGreaterThan(0);
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('fails when memory is short, and does not even try', () => {
    const { allocator, zone } = riddled(4);
    zone.marks = { ...zone.marks, low: zone.free - 2048 };
    expect(allocator.alloc(10, KERNEL)).toBe(-1);
    expect(allocator.outcome.compaction.runs).toBe(0);
  });

  it('puts off requests like one that failed, ever more of them, until one is served', () => {
    const { allocator, held, zone } = riddled(4);
    for (const pfn of held) allocator.pin(pfn, true);
    const passedOver: number[] = [];
    for (let request = 0; request < 20; request++) {
      expect(allocator.alloc(10, KERNEL)).toBe(-1);
      passedOver.push(allocator.outcome.compaction.runs);
    }
    // Two tries a request, and after each failing run twice as many tries are passed over.
    expect(passedOver).toEqual([2, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    for (const pfn of held) allocator.pin(pfn, false);
    allocator.kswapdSlept();
    while (allocator.alloc(10, KERNEL) === -1);
    expect([zone.compactDeferShift, zone.compactOrderFailed]).toEqual([0, 11]);
  });

  it('looks again at what it found nothing in, once kswapd has slept', () => {
    const { allocator, held } = riddled(4);
    for (const pfn of held) allocator.pin(pfn, true);
    allocator.alloc(10, KERNEL);
    const tally = (): CompactionTally => {
      const found = { runs: 0, scanned: 0, freeScanned: 0, migrated: 0, deferred: 0 };
      for (const zone of allocator.zones) zone.compactDeferShift = 0;
      compactZones(allocator.zones, { order: 10, gfp: KERNEL, sync: true }, found, () => undefined);
      return found;
    };
    expect(tally().scanned).toBe(0);
    allocator.kswapdSlept();
    // All but the last pageblock, where the free scanner stands.
    expect(tally().scanned).toBe(8192 - 512);
  });
});

describe('the fragmentation index', () => {
  it('is 0 for want of memory, near 1000 for want of order, -1000 when there is a block', () => {
    const { allocator, zone, held } = riddled(4);
    expect(fragmentationIndex(zone, 10)).toBe(999);
    expect(fragmentationIndex(zone, 0)).toBe(-1000);
    while (zone.free > 0) {
      zone.marks = { min: 0, low: 0, high: 0, reserve: [0, 0, 0] };
      held.add(allocator.alloc(0, MOVABLE_PAGE));
    }
    expect(fragmentationIndex(zone, 10)).toBe(0);
  });
});

it('compaction loses no page and tells of every move, whatever is where', () => {
  const draws = fc.record({
    seed: fc.nat(),
    keep: fc.integer({ min: 2, max: 40 }),
    pinned: fc.double({ min: 0, max: 0.02, noNaN: true }),
    order: fc.integer({ min: 1, max: 10 }),
    isMovable: fc.boolean(),
    sync: fc.boolean(),
  });
  let migrated = 0;
  fc.assert(
    fc.property(draws, ({ seed, keep, pinned, order, isMovable, sync }) => {
      const random = testRandom(seed);
      const { allocator, zone, held } = riddled(2);
      for (const pfn of held) {
        if (random() < pinned) allocator.pin(pfn, true);
        else if (random() < 1 / keep) {
          allocator.free(pfn, 0);
          held.delete(pfn);
        }
      }
      // Larger movable blocks, where there is room for them.
      for (let block = 0; block < 50; block++) {
        const pfn = allocator.alloc(1 + (block % 3), MOVABLE_PAGE);
        if (pfn !== -1) held.add(pfn);
      }
      const before = { free: zone.free, held: held.size };
      const found = { runs: 0, scanned: 0, freeScanned: 0, migrated: 0, deferred: 0 };
      const ask = { order, gfp: gfp('kernel', 4, isMovable ? MOVABLE : 0), sync };
      const done = compactZones(allocator.zones, ask, found, allocator.onMigrate);
      migrated += found.migrated;
      expect({ free: zone.free, held: held.size }).toEqual(before);
      expect(faultsOf(allocator)).toEqual([]);
      allocator.compaction = false;
      expect(done === null || allocator.alloc(order, ask.gfp) !== -1).toBe(true);
    }),
    { numRuns: process.env['BOUNCESCOPE_SOAK'] === '1' ? 2000 : 40 },
  );
  expect(migrated).toBeGreaterThan(1000);
});
