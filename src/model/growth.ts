/**
 * Memory for new pools: which orders and zones are asked for, and what is given up when.
 *
 * Follows swiotlb_alloc_pool(), swiotlb_alloc_tlb(), alloc_dma_pages() and swiotlb_dyn_free() in
 * kernel/dma/swiotlb.c, Linux 6.12. The page allocator's answers come through `PageSource`.
 */
import { reachOf, type DmaDemands } from './demands.ts';
import {
  MAX_ORDER_SLOTS,
  PAGE_BYTES,
  pageOrder,
  roundUp,
  SEGMENT_SLOTS,
  SLOT_BYTES,
  SLOT_DESCRIPTOR_BYTES,
} from './geometry.ts';
import type { GfpZone, PageSource } from './page-source.ts';

/** `zone_dma_limit` on x86, unless the pages say otherwise: the last byte below 16 MiB. */
const DMA_LIMIT = 0xff_ffff;
/** `DMA_BIT_MASK(32)`: the last byte below 4 GiB. */
const DMA32_LIMIT = 0xffff_ffff;

/** What a new pool should be, and for whom. */
export interface GrowthWish {
  readonly nslabs: number;
  /** Halving stops here. */
  readonly minSlabs: number;
  /** Halved sizes are rounded up to a multiple of this: a segment, or a 2 MiB page. */
  readonly unitSlots: number;
  readonly nareas: number;
  readonly physLimit: number;
  /** The device in a hurry a transient pool is for; null for the worker, which may sleep. */
  readonly atomicFor: DmaDemands | null;
}

/** Memory got for a pool. */
export interface PoolMemory {
  readonly base: number;
  readonly nslabs: number;
  readonly nareas: number;
  /** Coherent pool it came from, or -1 for the page allocator. */
  readonly region: number;
}

/** Areas a pool of `nslabs` can have: none smaller than a segment (`limit_nareas`). */
export function limitAreas(nareas: number, nslabs: number): number {
  return nslabs < nareas * SEGMENT_SLOTS ? Math.floor(nslabs / SEGMENT_SLOTS) : nareas;
}

/** Gets memory for a pool, halving what it asks for down to `minSlabs`; null when there is none. */
export function allocatePool(pages: PageSource, wish: GrowthWish): PoolMemory | null {
  let { nslabs, nareas } = wish;
  if (nslabs > MAX_ORDER_SLOTS) {
    nslabs = MAX_ORDER_SLOTS;
    nareas = limitAreas(nareas, nslabs);
  }
  const maySleep = wish.atomicFor === null;
  for (;;) {
    const bytes = nslabs * SLOT_BYTES;
    const coherent = wish.atomicFor !== null && pages.atomicFromCoherent ? wish.atomicFor : null;
    const memory = coherent
      ? takeCoherent(pages, bytes, coherent)
      : { base: takePages(pages, bytes, wish.physLimit, maySleep), region: -1 };
    if (memory.base !== -1) {
      const got: PoolMemory = { ...memory, nslabs, nareas };
      if (pages.allocSlotArray(slotArrayOrder(nslabs), maySleep)) return got;
      freeMemory(pages, got);
      return null;
    }
    if (nslabs <= wish.minSlabs) return null;
    nslabs = roundUp(Math.floor(nslabs / 2), wish.unitSlots);
    nareas = limitAreas(nareas, nslabs);
  }
}

/**
 * Bytes of the page allocator's block that a pool's memory takes: a power of two of pages. 0 for
 * memory out of a coherent pool, which held it before.
 */
export function blockBytes({ nslabs, region }: PoolMemory): number {
  return region >= 0 ? 0 : PAGE_BYTES * 2 ** pageOrder(nslabs * SLOT_BYTES);
}

/** Gives a pool's memory back, slot array included. */
export function freePool(pages: PageSource, memory: PoolMemory): void {
  freeMemory(pages, memory);
  pages.freeSlotArray(slotArrayOrder(memory.nslabs));
}

function slotArrayOrder(nslabs: number): number {
  return pageOrder(nslabs * SLOT_DESCRIPTOR_BYTES);
}

function freeMemory(pages: PageSource, { base, nslabs, region }: PoolMemory): void {
  const bytes = nslabs * SLOT_BYTES;
  if (region >= 0) pages.coherentFree(region, bytes, base, false);
  else pages.freePages(pageOrder(bytes), base);
}

/** Walks the coherent pools and takes the first room that the device reaches; base -1 if none. */
export function takeCoherent(
  pages: PageSource,
  bytes: number,
  device: DmaDemands,
): { base: number; region: number } {
  const reach = reachOf(device.coherentMask, device.busLimit);
  for (let region = 0; region < pages.coherentRegions; region++) {
    const base = pages.coherentAlloc(region, bytes);
    if (base === -1) continue;
    if (base + bytes - 1 <= reach) return { base, region };
    pages.coherentFree(region, bytes, base, true);
  }
  return { base: -1, region: -1 };
}

/**
 * One block of pages for `bytes` below `physLimit`, shared with the host where that has to be.
 * Memory that lies too high sends the request one zone down; having no memory ends it at once.
 *
 * @returns the address, or -1.
 */
export function takePages(
  pages: PageSource,
  bytes: number,
  physLimit: number,
  maySleep: boolean,
): number {
  const order = pageOrder(bytes);
  const { dmaLimit = DMA_LIMIT } = pages;
  let zone: GfpZone = physLimit <= dmaLimit ? 1 : physLimit <= DMA32_LIMIT ? 4 : 0;
  for (;;) {
    const base = pages.allocPages(order, zone, maySleep);
    if (base === -1) return -1;
    if (base + bytes - 1 <= physLimit) {
      if (pages.decrypt(Math.ceil(bytes / PAGE_BYTES), base)) return base;
      pages.freePages(order, base);
      return -1;
    }
    pages.freePages(order, base);
    if (zone === 1) return -1;
    zone = zone === 0 ? 4 : 1;
  }
}
