import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultsOf, flatMachine } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { CmaArea } from './cma.ts';
import { gfp } from './gfp.ts';
import { MOVABLE, UNMOVABLE } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';

const REGION = { startPfn: 4096 + 4096, pages: 4096 };
const END = REGION.startPfn + REGION.pages;
const MOVABLE_PAGE = gfp('nowait', 4, MOVABLE);

/** 64 MiB, the second 16 of them a CMA region. */
function machine(): { allocator: PageAllocator; area: CmaArea; held: Set<number> } {
  const allocator = new PageAllocator(bootMemory(flatMachine(64, { cma: [REGION] })));
  const held = new Set<number>();
  allocator.onMigrate = (from, to) => {
    expect(held.delete(from)).toBe(true);
    held.add(to);
  };
  return { allocator, area: new CmaArea(allocator, REGION), held };
}

const isInside = (pfn: number) => pfn >= REGION.startPfn && pfn < END;

/** Takes movable blocks until `count` of them lie in the region, then lets go of those outside. */
function settle({ allocator, held }: ReturnType<typeof machine>, count: number, order = 0): void {
  const outside: number[] = [];
  while (held.size < count) {
    const pfn = allocator.alloc(order, MOVABLE_PAGE);
    if (pfn === -1) throw new Error('memory is full');
    if (isInside(pfn)) held.add(pfn);
    else outside.push(pfn);
  }
  for (const pfn of outside) allocator.free(pfn, order);
}

describe('a CMA region', () => {
  it('is for movable pages only', () => {
    const { allocator } = machine();
    for (const [type, uses] of [
      [UNMOVABLE, false],
      [MOVABLE, true],
    ] as const) {
      const pages: number[] = [];
      for (let pfn = allocator.alloc(0, gfp('kernel', 4, type)); pfn !== -1;) {
        pages.push(pfn);
        pfn = allocator.alloc(0, gfp('kernel', 4, type));
      }
      expect(pages.some(isInside)).toBe(uses);
    }
  });

  it('is used first by movable pages when half of what is free lies there', () => {
    const { allocator } = machine();
    const unmovable = gfp('kernel', 4);
    while ((allocator.zones[0]?.free ?? 0) >= 2 * REGION.pages) allocator.alloc(5, unmovable);
    expect(isInside(allocator.alloc(0, MOVABLE_PAGE))).toBe(true);
  });

  it('gives a range out at once where nobody lives', () => {
    const { allocator, area } = machine();
    expect(area.alloc(300, 4)).toBe(REGION.startPfn);
    // The next multiple of 16 behind it.
    expect(area.alloc(1, 4)).toBe(REGION.startPfn + 304);
    expect(area.outcome).toEqual({
      isGot: true,
      ranges: 1,
      migrated: 0,
      busyPfn: -1,
      outOfMemory: false,
    });
    expect(area.used).toBe(301);
    expect(allocator.zones[0]?.freeCma).toBe(4096 - 301);
    area.free(REGION.startPfn, 300);
    area.free(REGION.startPfn + 304, 1);
    expect(allocator.zones[0]?.freeCma).toBe(4096);
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('moves pages out of the way, and says how many', () => {
    const built = machine();
    settle(built, 3500);
    const { area, held, allocator } = built;
    const pfn = area.alloc(1024, 10);
    expect(pfn).toBe(REGION.startPfn);
    expect(area.outcome.migrated).toBeGreaterThan(300);
    expect(held.size).toBe(3500);
    expect([...held].every((frame) => frame < pfn || frame >= pfn + 1024)).toBe(true);
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('moves blocks that reach into the range from either side', () => {
    const built = machine();
    settle(built, 2, 10);
    const { area, held, allocator } = built;
    const [block = -1] = [...held].filter(isInside);
    const from = block - REGION.startPfn;
    // Ends in the block's first half, then begins in its second.
    expect(area.alloc(from + 100, 0)).toBe(REGION.startPfn);
    expect(held.has(block)).toBe(from === 0 ? false : !isInside(block));
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('goes to the next range when a page is pinned', () => {
    const built = machine();
    settle(built, 1);
    const { area, held, allocator } = built;
    const [page = -1] = held;
    allocator.pin(page, true);
    const chunk = page - (page % 1024);
    const first = area.alloc(1024, 10);
    expect(first).toBe(chunk === REGION.startPfn ? chunk + 1024 : REGION.startPfn);
    while (area.alloc(1024, 10) !== -1);
    expect(area.outcome.busyPfn).toBe(page);
    expect(area.used).toBe(3 * 1024);
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('fails when there is nowhere to move pages to', () => {
    const { allocator, area, held } = machine();
    for (let pfn = allocator.alloc(0, MOVABLE_PAGE); pfn !== -1;) {
      held.add(pfn);
      pfn = allocator.alloc(0, MOVABLE_PAGE);
    }
    expect(area.alloc(1024, 10)).toBe(-1);
    expect(area.outcome.outOfMemory).toBe(true);
    expect(faultsOf(allocator)).toEqual([]);
  });

  it('refuses what is not its own', () => {
    const { allocator, area } = machine();
    expect(() => new CmaArea(allocator, { startPfn: 4096, pages: 512 })).toThrow(
      'in no CMA region',
    );
    expect(() => area.free(REGION.startPfn, 1)).toThrow('not given out by CMA');
    expect(area.alloc(4097, 0)).toBe(-1);
  });
});

/** A region under load: ranges taken from it, movable pages all over, some of them pinned. */
class Load {
  readonly machine = machine();
  readonly pinned = new Set<number>();
  readonly #ranges: { pfn: number; count: number }[] = [];

  get takenPages(): number {
    return this.#ranges.reduce((sum, { count }) => sum + count, 0);
  }

  take(count: number, alignOrder: number): void {
    const pfn = this.machine.area.alloc(count, alignOrder);
    if (pfn !== -1) this.#ranges.push({ pfn, count });
  }

  give(which: number): void {
    const [range] = this.#ranges.splice(which % Math.max(this.#ranges.length, 1), 1);
    if (range !== undefined) this.machine.area.free(range.pfn, range.count);
  }

  addPages(count: number): void {
    for (let page = 0; page < count; page++) {
      const pfn = this.machine.allocator.alloc(0, MOVABLE_PAGE);
      if (pfn !== -1) this.machine.held.add(pfn);
    }
  }

  drop(which: number): void {
    const { allocator, held } = this.machine;
    const page = [...held][which % Math.max(held.size, 1)];
    if (page === undefined) return;
    allocator.free(page, 0);
    held.delete(page);
    this.pinned.delete(page);
  }

  pin(which: number): void {
    const { allocator, held } = this.machine;
    const page = [...held][which % Math.max(held.size, 1)];
    if (page === undefined || this.pinned.has(page)) return;
    allocator.pin(page, true);
    this.pinned.add(page);
  }
}

it('a region keeps its pages whatever is taken, moved and given back', () => {
  const which = fc.nat(9999);
  const count = fc.integer({ min: 1, max: 1500 });
  const align = fc.integer({ min: 0, max: 10 });
  const steps: fc.Arbitrary<(load: Load) => void> = fc.oneof(
    fc.tuple(count, align).map(
      ([pages, order]) =>
        (load: Load) =>
          load.take(pages, order),
    ),
    which.map((one) => (load: Load) => load.give(one)),
    count.map((pages) => (load: Load) => load.addPages(pages)),
    which.map((one) => (load: Load) => load.drop(one)),
    which.map((one) => (load: Load) => load.pin(one)),
  );
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 60, size: 'max' }), (taken) => {
      const load = new Load();
      const { allocator, area, held } = load.machine;
      for (const step of taken) {
        step(load);
        expect([...load.pinned].every((pfn) => held.has(pfn))).toBe(true);
        expect(area.used).toBe(load.takenPages);
        expect(load.takenPages + held.size + (allocator.zones[0]?.free ?? 0)).toBe(16_384);
      }
      expect(faultsOf(allocator)).toEqual([]);
    }),
    { numRuns: process.env['BOUNCESCOPE_SOAK'] === '1' ? 2000 : 40 },
  );
});
