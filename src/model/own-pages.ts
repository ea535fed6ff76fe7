/**
 * Pages for one mapping: the bounce buffer that the RFC "swiotlb: Allow dynamic allocation of bounce
 * buffers" (March 2023, not merged) gave to every map that asked for a page or more.
 *
 * Follows swiotlb_dyn_map() of that RFC and dma_direct_alloc_pages() and __dma_direct_alloc_pages()
 * in kernel/dma/direct.c, Linux 6.12. It differs in knowing no CMA region of the devices, and in
 * leaving out the few bytes that describe a buffer.
 */
import type { DmaDevice } from './device.ts';
import { reachOf } from './demands.ts';
import { MAX_PAGE_ORDER, PAGE_BYTES, pageOrder, roundUp } from './geometry.ts';
import { takeCoherent, takePages } from './growth.ts';
import type { PageSource } from './page-source.ts';

/** Pages of one mapping. */
export interface OwnPages {
  /** Address of the first one. */
  readonly base: number;
  /** Bytes it was asked for, whole pages. */
  readonly bytes: number;
  /** Bytes of the block it holds: a power of two of pages, or `bytes` in a coherent pool. */
  readonly held: number;
  /** Coherent pool it came from, or -1 for the page allocator. */
  readonly region: number;
}

/**
 * Whether a map tries to get pages of its own: it asks for a page at least, its device has no
 * `min_align_mask`, and its allocator is not a restricted pool.
 */
export function wantsOwnPages({ demands, mem }: DmaDevice, size: number): boolean {
  return size >= PAGE_BYTES && demands.minAlignMask === 0 && !mem.forAlloc;
}

/**
 * Gets pages for a mapping of `size` bytes, where the device reaches them.
 *
 * @param maySleep whether the request carries `DMA_ATTR_MAY_SLEEP`: in an encrypted guest one that
 * may not sleep cannot convert pages and is served from the coherent pools.
 * @returns null when there are none.
 */
export function takeOwnPages(
  pages: PageSource,
  { demands }: DmaDevice,
  size: number,
  maySleep: boolean,
): OwnPages | null {
  const bytes = roundUp(size, PAGE_BYTES);
  if (pages.atomicFromCoherent && !maySleep) {
    const { base, region } = takeCoherent(pages, bytes, demands);
    return base === -1 ? null : { base, bytes, held: bytes, region };
  }
  if (pageOrder(bytes) > MAX_PAGE_ORDER) return null;
  const reach = reachOf(demands.coherentMask, demands.busLimit);
  const base = takePages(pages, bytes, reach, maySleep);
  const held = PAGE_BYTES * 2 ** pageOrder(bytes);
  return base === -1 ? null : { base, bytes, held, region: -1 };
}

/** Gives them back; in an encrypted guest they are made private again. */
export function giveOwnPages(pages: PageSource, { base, bytes, region }: OwnPages): void {
  if (region >= 0) pages.coherentFree(region, bytes, base, false);
  else pages.freePages(pageOrder(bytes), base);
}
