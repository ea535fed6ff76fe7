/**
 * The coherent pools: memory that is shared with the host already, for requests that may not sleep.
 *
 * Follows dma_atomic_pool_init(), atomic_pool_expand(), atomic_pool_resize() and
 * __dma_alloc_from_pool() in kernel/dma/pool.c and gen_pool_first_fit_order_align() in
 * lib/genalloc.c, Linux 6.12. It differs in its bitmap, which has a byte a page, and in leaving the
 * background work to whoever keeps the time: `needsWork` says when, `expand` does it.
 */
import { gfp, type Gfp } from './gfp.ts';
import { MAX_PAGE_ORDER, PAGE_BYTES, pageOrder } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import type { PageAllocator } from './page-allocator.ts';
import type { GfpZone } from './page-source.ts';

const KIB = 1024;
const GIB = 2 ** 30;
/** Of every GiB of memory, and the least there is: `SZ_128K`. */
const SHARE_BYTES = 128 * KIB;

/** `atomic_pool_size` for a machine with this much memory: 128 KiB a GiB, 128 KiB to 4 MiB. */
export function atomicPoolBytes(memoryBytes: number): number {
  const totalPages = Math.floor(memoryBytes / PAGE_BYTES);
  const pages = Math.floor(totalPages / (GIB / SHARE_BYTES));
  return Math.max(Math.min(pages, 1 << MAX_PAGE_ORDER) * PAGE_BYTES, SHARE_BYTES);
}

/** A piece of the page allocator's memory inside a pool, for whoever looks. */
export interface CoherentBlock {
  readonly pfn: number;
  readonly pages: number;
  /** 1 for each page given out; not to be written. */
  readonly taken: Uint8Array;
  /** Pages not given out. */
  readonly free: number;
}

interface Chunk extends CoherentBlock {
  free: number;
}

/** A growth of a pool, for whoever pays for the conversion of its pages. */
export interface PoolGrowth {
  readonly pfn: number;
  readonly order: number;
}

/** Who looks on while a pool grows, and may refuse a block. */
export interface ExpandHooks {
  /** A block of `order` was asked for; the allocator's `outcome` says what came of it. */
  asked?(order: number): void;
  /** Shares a block with the host. @returns false when the host refuses; it is given back then. */
  shared?(growth: PoolGrowth): boolean;
}

/** One coherent pool: blocks of the page allocator, given out page by page. Lengths in bytes. */
export class CoherentPool {
  readonly zone: GfpZone;
  /** `atomic_pool_size`: what the pool began with, and the least it should have free. */
  readonly initialBytes: number;
  /** Set when less than that is free: the background work is due. */
  needsWork = false;
  bytes = 0;
  freeBytes = 0;
  readonly #allocator: PageAllocator;
  readonly #gfp: Gfp;
  readonly #minOrder: number;
  /** Newest first: they are tried in this order. */
  readonly #chunks: Chunk[] = [];

  /**
   * An empty pool; call `expand(initialBytes)` to fill it, as boot does.
   *
   * @param minOrder of the blocks it takes in: 0 in Linux, 9 where all goes by 2 MiB pages.
   */
  constructor(allocator: PageAllocator, zone: GfpZone, initialBytes: number, minOrder = 0) {
    this.#minOrder = minOrder;
    this.#allocator = allocator;
    this.zone = zone;
    this.initialBytes = initialBytes;
    this.#gfp = gfp('kernel', zone);
  }

  /** What it is made of, in the order in which it is searched. */
  get blocks(): readonly CoherentBlock[] {
    return this.#chunks;
  }

  /**
   * Adds one block of about `bytes`, at most the largest block of the page allocator; smaller ones
   * are tried until there is one.
   *
   * @returns the block, or null when not even a page was to be had, or the host would not share it.
   */
  expand(bytes: number, hooks: ExpandHooks = {}): PoolGrowth | null {
    const most = Math.min(pageOrder(bytes), MAX_PAGE_ORDER);
    for (let order = most; order >= this.#minOrder; order--) {
      const pfn = this.#allocator.alloc(order, this.#gfp);
      hooks.asked?.(order);
      if (pfn === -1) continue;
      if (hooks.shared?.({ pfn, order }) === false) {
        this.#allocator.free(pfn, order);
        return null;
      }
      const pages = 1 << order;
      this.#chunks.unshift({ pfn, pages, taken: new Uint8Array(pages), free: pages });
      this.bytes += pages * PAGE_BYTES;
      this.freeBytes += pages * PAGE_BYTES;
      return { pfn, order };
    }
    return null;
  }

  /** The background work: adds as much as the pool has, if it is still short (`atomic_pool_resize`). */
  work(hooks: ExpandHooks = {}): PoolGrowth | null {
    this.needsWork = false;
    return this.freeBytes < this.initialBytes ? this.expand(this.bytes, hooks) : null;
  }

  /**
   * Takes whole pages for `bytes`: the first fit, aligned to the order of the size.
   *
   * @returns the address, or -1 when there is no room.
   */
  alloc(bytes: number): number {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const align = 1 << pageOrder(bytes);
    for (const chunk of this.#chunks) {
      const at = chunk.free < pages ? -1 : firstFit(chunk.taken, pages, align);
      if (at === -1) continue;
      this.#take(chunk, at, pages, 1);
      // A request that finds no room asks for no work: only one that takes some does.
      if (this.freeBytes < this.initialBytes) this.needsWork = true;
      return (chunk.pfn + at) * PAGE_BYTES;
    }
    return -1;
  }

  /**
   * Gives back what `alloc` gave.
   *
   * @returns false when the address is not of this pool.
   * @throws RangeError when the pages were not given out.
   */
  free(addr: number, bytes: number): boolean {
    const pfn = Math.floor(addr / PAGE_BYTES);
    const chunk = this.#chunks.find(({ pfn: first, pages }) => pfn >= first && pfn < first + pages);
    if (chunk === undefined) return false;
    const at = pfn - chunk.pfn;
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const isTaken = !chunk.taken.subarray(at, at + pages).includes(0);
    if (!isTaken || at + pages > chunk.pages) {
      throw new RangeError(`${bytes} bytes at ${addr} were not given out`);
    }
    this.#take(chunk, at, pages, 0);
    return true;
  }

  keep(k: Keeper): void {
    this.needsWork = k.value(this.needsWork);
    this.bytes = k.value(this.bytes);
    this.freeBytes = k.value(this.freeBytes);
    k.list(this.#chunks);
    for (const chunk of this.#chunks) {
      k.holds(chunk, chunk.pages);
      chunk.free = k.value(chunk.free);
      k.array(chunk.taken);
    }
  }

  #take(chunk: Chunk, at: number, pages: number, taken: 0 | 1): void {
    chunk.taken.fill(taken, at, at + pages);
    const change = taken === 1 ? -pages : pages;
    chunk.free += change;
    this.freeBytes += change * PAGE_BYTES;
  }
}

/** First aligned run of `pages` zeros, or -1. */
function firstFit(taken: Uint8Array, pages: number, align: number): number {
  for (let at = 0; at + pages <= taken.length; at += align) {
    if (!taken.subarray(at, at + pages).includes(1)) return at;
  }
  return -1;
}
