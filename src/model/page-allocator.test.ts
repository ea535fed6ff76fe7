import { describe, expect, it } from 'vitest';
import {
  faultsOf,
  flatMachine,
  freeList,
  MIB_PAGES,
  SMALL_MACHINE,
} from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { gfp, type Gfp } from './gfp.ts';
import { HIGHATOMIC, MOVABLE, UNMOVABLE } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';

function allocatorOf(machine = SMALL_MACHINE): PageAllocator {
  return new PageAllocator(bootMemory(machine));
}

/** Zones of the blocks got, in order, until the request fails; how each was got. */
function exhaust(allocator: PageAllocator, order: number, request: Gfp): string[] {
  const got: string[] = [];
  while (allocator.alloc(order, request) !== -1) {
    const { zone, path } = allocator.outcome;
    got.push(`${zone?.name} ${path}`);
  }
  return got;
}

/** Zones that serve blocks of order 4, in the order in which they are used up. */
function zonesUsed(zone: 0 | 1 | 4): (string | undefined)[] {
  const got = exhaust(allocatorOf(), 4, gfp('nowait', zone)).map((entry) => entry.split(' ')[0]);
  return [...new Set(got)];
}

describe('zones', () => {
  it('are used from the highest that will do downwards', () => {
    expect(zonesUsed(0)).toEqual(['Normal', 'DMA32', 'DMA']);
    expect(zonesUsed(4)).toEqual(['DMA32', 'DMA']);
    expect(zonesUsed(1)).toEqual(['DMA']);
  });

  it('go to their low marks first, all of them, then to their min marks', () => {
    const got = exhaust(allocatorOf(), 0, gfp('nowait', 4, MOVABLE));
    expect([...new Set(got)]).toEqual(['DMA32 fast', 'DMA fast', 'DMA32 slow', 'DMA slow']);
  });

  it('keep their reserve: less of DMA for those that did not ask for it', () => {
    const own = exhaust(allocatorOf(), 0, gfp('nowait', 1, MOVABLE)).length;
    const others = exhaust(allocatorOf(), 0, gfp('nowait', 4, MOVABLE)).filter((got) =>
      got.startsWith('DMA '),
    );
    const [dma] = allocatorOf().zones;
    expect(own - others.length).toBe(dma?.marks.reserve[1]);
    expect(own).toBe((dma?.managed ?? 0) - (dma?.marks.min ?? 0));
  });

  it('of another range are taken before kinds are mixed in a pageblock', () => {
    const allocator = allocatorOf();
    const normal = allocator.zones[2];
    const movable = gfp('kernel', 0, MOVABLE);
    // Normal keeps only parts of pageblocks; DMA32 is whole.
    const held: number[] = [];
    while ((normal?.ordersFrom(9, MOVABLE) ?? 0) !== 0) held.push(allocator.alloc(8, movable));
    allocator.free(held[0] ?? -1, 8);
    allocator.alloc(0, gfp('kernel'));
    expect(allocator.outcome.zone?.name).toBe('DMA32');
    exhaust(allocator, 9, gfp('nowait', 4));
    exhaust(allocator, 0, gfp('nowait', 4));
    allocator.alloc(0, gfp('kernel'));
    expect(allocator.outcome.zone?.name).toBe('Normal');
  });
});

/** 64 MiB with a min mark of 4 MiB. */
const MARKED = flatMachine(64, { minFreeKib: 4096 });

/** Single pages that such a machine gives. */
function pagesFor(kind: 'kernel' | 'nowait' | 'atomic'): number {
  return exhaust(allocatorOf(MARKED), 0, gfp(kind)).length;
}

describe('requests in a hurry', () => {
  it('atomic ones get what others leave: five eighths of the min mark', () => {
    expect(pagesFor('kernel')).toBe(pagesFor('nowait'));
    expect(pagesFor('atomic') - pagesFor('nowait')).toBe(640);
  });

  it('tell that kswapd would be woken, and its sleep lowers the marks again', () => {
    const allocator = allocatorOf(MARKED);
    exhaust(allocator, 0, gfp('nowait'));
    expect(allocator.kswapdWoken).toBe(true);
    for (const zone of allocator.zones) zone.boost = 512;
    allocator.kswapdSlept();
    expect([allocator.kswapdWoken, allocator.zones[0]?.boost]).toEqual([false, 0]);
  });

  it('of a single page do not wait for a raised mark, when atomic', () => {
    const allocator = allocatorOf(MARKED);
    for (const zone of allocator.zones) zone.boost = zone.free * 4;
    expect(allocator.alloc(0, gfp('nowait'))).toBe(-1);
    expect(allocator.alloc(1, gfp('atomic'))).toBe(-1);
    expect(allocator.alloc(0, gfp('atomic'))).not.toBe(-1);
  });

  it('have their pageblock kept for others like them, until a sleeping request is at its end', () => {
    // 240 MiB: one percent is a pageblock and a bit, so two may be kept.
    const allocator = allocatorOf(flatMachine(240, { minFreeKib: 200_000 }));
    const [zone] = allocator.zones;
    if (zone === undefined) throw new Error('no zone');
    const first = allocator.alloc(3, gfp('atomic'));
    expect([zone.reservedHighatomic, zone.freeHighatomic]).toEqual([512, 504]);
    expect(allocator.alloc(3, gfp('atomic'))).toBe(first + 8);
    for (const pfn of [first, first + 8]) allocator.free(pfn, 3);
    expect(freeList(zone, 9, HIGHATOMIC)).toEqual([first]);
    // Somebody else's page is not put there while there is room elsewhere.
    expect(allocator.alloc(0, gfp('nowait'))).toBe(first + 512);
    while (zone.reservedHighatomic < 1024) allocator.alloc(3, gfp('atomic'));
    exhaust(allocator, 0, gfp('kernel'));
    expect(zone.reservedHighatomic).toBe(512);
    expect(faultsOf(allocator)).toEqual([]);
  });
});

describe('blocks in use', () => {
  it('are aligned to their size and given back as they were taken', () => {
    const allocator = allocatorOf();
    for (let order = 0; order <= 10; order++) {
      const pfn = allocator.alloc(order, gfp('kernel'));
      expect(pfn % 2 ** order).toBe(0);
      expect(() => allocator.free(pfn, order === 0 ? 1 : order - 1)).toThrow('no block of order');
      allocator.free(pfn, order);
      expect(() => allocator.free(pfn, order)).toThrow('no block of order');
    }
    expect(() => allocator.free(2 ** 30, 0)).toThrow('no block of order 0 in use at frame');
    expect(() => allocator.alloc(11, gfp('kernel'))).toThrow('no blocks of order 11');
    expect(() => allocator.alloc(0.5, gfp('kernel'))).toThrow('no blocks of order 0.5');
    expect(() => allocator.free(4096.5, 0)).toThrow('in use at frame 4096.5');
  });

  it('can be split and given back page by page', () => {
    const allocator = allocatorOf();
    const pfn = allocator.alloc(4, gfp('kernel', 4));
    expect(() => allocator.split(pfn, 3)).toThrow('no block of order 3');
    allocator.split(pfn, 4);
    for (let page = 15; page >= 0; page--) allocator.free(pfn + page, 0);
    expect(faultsOf(allocator)).toEqual([]);
    expect(allocator.alloc(4, gfp('kernel', 4))).toBe(pfn);
  });

  it('can be pinned when they are movable', () => {
    const allocator = allocatorOf();
    const movable = allocator.alloc(0, gfp('kernel', 0, MOVABLE));
    const unmovable = allocator.alloc(0, gfp('kernel', 0, UNMOVABLE));
    allocator.pin(movable, true);
    expect(() => allocator.pin(movable, true)).toThrow('cannot be pinned');
    expect(() => allocator.pin(unmovable, true)).toThrow('cannot be pinned');
    allocator.pin(movable, false);
    expect(() => allocator.pin(movable, false)).toThrow('cannot be let go');
    expect(() => allocator.pin(4096 + 33 * MIB_PAGES, true)).toThrow('no block in use');
  });
});

it('counts at most five bytes and a fraction for each page of 64 GiB', () => {
  const { pages } = bootMemory({ usable: [{ startPfn: 2 ** 20, pages: 2 ** 18 }] });
  expect(pages.bytes / 2 ** 18).toBeLessThan(8);
});
