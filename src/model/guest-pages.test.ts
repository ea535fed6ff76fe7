import { describe, expect, it } from 'vitest';
import { faultsOf, flatMachine, freeCounts } from '../testing/page-machine.ts';
import { bootMemory } from './boot-memory.ts';
import { NO_DEMANDS } from './device.ts';
import { GuestPages } from './guest-pages.ts';
import { gfp } from './gfp.ts';
import { allocatePool, freePool, type GrowthWish } from './growth.ts';
import { MOVABLE } from './migrate-type.ts';
import { PageAllocator } from './page-allocator.ts';

const MIB = 2 ** 20;
const KIB = 1024;

function guest(encrypted: boolean, mib = 64): GuestPages {
  const allocator = new PageAllocator(bootMemory(flatMachine(mib)));
  return new GuestPages(allocator, { encrypted, coherentBytes: 128 * KIB });
}

const WORKER: GrowthWish = {
  nslabs: 2048,
  minSlabs: 512,
  nareas: 1,
  physLimit: 2 ** 32 - 1,
  unitSlots: 128,
  atomicFor: null,
};
const HURRY: GrowthWish = { ...WORKER, nslabs: 5, minSlabs: 5, atomicFor: NO_DEMANDS };

/** Keeps a movable page pinned in every block of `order`, and frees the rest. */
function fragment({ allocator }: GuestPages, order: number): void {
  const request = gfp('nowait', 4, MOVABLE);
  const held: number[] = [];
  for (let pfn = allocator.alloc(0, request); pfn !== -1;) {
    held.push(pfn);
    pfn = allocator.alloc(0, request);
  }
  for (const pfn of held) {
    if (pfn % 2 ** order === 0) allocator.pin(pfn, true);
    else allocator.free(pfn, 0);
  }
}

describe('a guest’s pages behind a growing pool', () => {
  it('give the worker what it wants, and take it back', () => {
    const pages = guest(false);
    const before = pages.allocator.zones.map(freeCounts);
    const memory = allocatePool(pages, WORKER);
    expect(memory).toMatchObject({ nslabs: 2048, region: -1 });
    if (memory !== null) freePool(pages, memory);
    expect(pages.allocator.zones.map(freeCounts)).toEqual(before);
    expect(pages.toShared.calls).toBe(0);
    expect(() => pages.freeSlotArray(4)).toThrow('no slot array of order 4');
  });

  it('make it settle for less on a fragmented machine, and for nothing', () => {
    const settled = guest(false);
    fragment(settled, 9);
    expect(allocatePool(settled, WORKER)?.nslabs).toBe(512);
    const nothing = guest(false);
    fragment(nothing, 8);
    expect(allocatePool(nothing, WORKER)).toBeNull();
    expect(faultsOf(nothing.allocator)).toEqual([]);
  });

  it('are converted call by call in an encrypted guest, by 2 MiB where that fits', () => {
    const pages = guest(true);
    // Two pools of 128 KiB, for any zone and for DMA32; there is no zone DMA.
    expect(pages.coherentRegions).toBe(2);
    expect(pages.toShared).toEqual({ calls: 2, smallPages: 64, largePages: 0 });
    const memory = allocatePool(pages, WORKER);
    expect(pages.toShared).toEqual({ calls: 3, smallPages: 64, largePages: 2 });
    const small = allocatePool(pages, { ...WORKER, nslabs: 128 });
    expect(pages.toShared).toEqual({ calls: 4, smallPages: 128, largePages: 2 });
    for (const got of [memory, small]) if (got !== null) freePool(pages, got);
    expect(pages.toPrivate).toEqual({ calls: 2, smallPages: 64, largePages: 2 });
  });

  it('come from the coherent pools when an encrypted guest is in a hurry, until they run dry', () => {
    const pages = guest(true);
    const got = [];
    for (let memory = allocatePool(pages, HURRY); memory !== null;) {
      got.push(memory);
      memory = allocatePool(pages, HURRY);
    }
    // 10 KiB are three pages, aligned to four: eight of each 128 KiB.
    expect(got.map(({ region }) => region)).toEqual([...Array(8).fill(0), ...Array(8).fill(1)]);
    expect([pages.exhausted, pages.needsWork]).toEqual([1, true]);
    expect(pages.work()).toHaveLength(2);
    expect(pages.needsWork).toBe(false);
    expect(pages.toShared.calls).toBe(4);
    expect(allocatePool(pages, HURRY)?.region).toBe(0);
    for (const memory of got) freePool(pages, memory);
    expect(() => pages.coherentFree(0, 4096, 64 * MIB)).toThrow('not of coherent pool 0');
    expect(() => pages.coherentAlloc(2, 4096)).toThrow('no coherent pool 2');
  });

  it('without encryption come from the allocator, however great the hurry', () => {
    const pages = guest(false);
    expect(allocatePool(pages, HURRY)).toMatchObject({ nslabs: 5, region: -1 });
    expect(pages.coherentRegions).toBe(0);
    expect(pages.work()).toEqual([]);
  });
});
