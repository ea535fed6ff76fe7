/**
 * The page allocator and the coherent pools as swiotlb's growth sees them, with what conversions
 * between private and shared memory they cost.
 *
 * Follows the callers' side of kernel/dma/swiotlb.c and dma_guess_pool() in kernel/dma/pool.c, and
 * __set_memory_enc_pgtable() in arch/x86/mm/pat/set_memory.c, Linux 6.12. It differs in that slot
 * arrays of one order are taken for one another when they are freed, since the door through which
 * they come knows no address. Two proposals that were not merged are in it too: memory for the
 * worker from a CMA region, and everything in whole 2 MiB pages.
 */
import { buddyinfoText } from './buddy-text.ts';
import type { CmaArea } from './cma.ts';
import { CoherentPool, type ExpandHooks, type PoolGrowth } from './coherent-pool.ts';
import { gfp, type Gfp } from './gfp.ts';
import { PAGE_BYTES } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import type { PageAllocator } from './page-allocator.ts';
import { PAGEBLOCK_ORDER, PAGEBLOCK_PAGES } from './page-map.ts';
import type { GfpZone, PageSource } from './page-source.ts';

/** Last byte of zone DMA on x86. */
const X86_DMA_LIMIT = 0xff_ffff;

/** Conversions so far; each call is one request to the host, of so many pages of either size. */
export interface ConversionTally {
  calls: number;
  /** Pages of 4 KiB and of 2 MiB that the calls were about. */
  smallPages: number;
  largePages: number;
}

/** What kind of guest it is. */
export interface GuestOptions {
  /** Whether the guest's memory is encrypted: pages are converted before devices see them. */
  readonly encrypted: boolean;
  /**
   * `atomic_pool_size` in bytes (`atomicPoolBytes`); only an encrypted guest uses the pools. 0: there
   * are none, as no kernel has it: for a copy that only the growth worker is tried on.
   */
  readonly coherentBytes: number;
  /** Where the pool worker gets memory, instead of from free blocks; there is no other then. */
  readonly cma?: CmaArea | null;
  /** The coherent pools are made of whole 2 MiB pages, and grow by them only. */
  readonly hugepages?: boolean;
  /** Last byte of zone DMA. Left out: below 16 MiB. */
  readonly dmaLimit?: number;
  /** Pages that the host agrees to share in all; a conversion beyond fails. Left out: any number. */
  readonly shareLimit?: number;
}

/** Where a simulated machine's pools get their memory. Addresses in bytes. */
export class GuestPages implements PageSource {
  readonly allocator: PageAllocator;
  /** In the order they are tried: any zone, DMA32, DMA. Empty in a guest that is not encrypted. */
  readonly pools: readonly CoherentPool[];
  readonly toShared: ConversionTally = { calls: 0, smallPages: 0, largePages: 0 };
  readonly toPrivate: ConversionTally = { calls: 0, smallPages: 0, largePages: 0 };
  readonly cma: CmaArea | null;
  readonly dmaLimit: number;
  /** Pages that are shared with the host now. */
  sharedPages = 0;
  /** Whether the worker's last block came from the CMA region. */
  fromCma = false;
  /** Requests that no coherent pool had room for; the kernel warns of each (`poolExhausted`). */
  exhausted = 0;
  /** Conversions that the host refused. */
  refused = 0;
  readonly #encrypted: boolean;
  /** Page frames of slot arrays, by order. */
  readonly #slotArrays = new Map<number, number[]>();
  /** Addresses of shared blocks, and their pages. */
  readonly #shared = new Map<number, number>();
  /** 2 MiB pages of the guest of which a part was converted: the host backs them page by page. */
  readonly #split = new Set<number>();
  readonly #shareLimit: number;

  /** Fills the coherent pools from the allocator, as boot does; conversions of that are counted. */
  constructor(allocator: PageAllocator, options: GuestOptions) {
    const { encrypted, hugepages = false, shareLimit = Infinity, cma = null } = options;
    this.allocator = allocator;
    this.dmaLimit = options.dmaLimit ?? X86_DMA_LIMIT;
    this.cma = cma;
    this.#encrypted = encrypted;
    this.#shareLimit = shareLimit;
    const minOrder = hugepages ? PAGEBLOCK_ORDER : 0;
    const coherentBytes = Math.max(options.coherentBytes, PAGE_BYTES << minOrder);
    const zones: readonly GfpZone[] = encrypted && options.coherentBytes > 0 ? [0, 4, 1] : [];
    const hasDma = allocator.zones.some(({ span, managed }) => span.id === 0 && managed > 0);
    this.pools = zones
      .filter((zone) => zone !== 1 || hasDma)
      .map((zone) => new CoherentPool(allocator, zone, coherentBytes, minOrder));
    for (const pool of this.pools) pool.expand(coherentBytes, { shared: this.#share });
  }

  /** `/proc/buddyinfo` as it reads now. */
  buddyinfo(): string {
    return buddyinfoText(this.allocator);
  }

  /** The same around a copy of its allocator, coherent pools and slot arrays left out. */
  copy(allocator: PageAllocator): GuestPages {
    const copy = new GuestPages(allocator, {
      encrypted: this.#encrypted,
      coherentBytes: 0,
      cma: this.cma?.copy(allocator) ?? null,
      dmaLimit: this.dmaLimit,
      shareLimit: this.#shareLimit,
    });
    copy.sharedPages = this.sharedPages;
    return copy;
  }

  get atomicFromCoherent(): boolean {
    return this.#encrypted;
  }

  get coherentRegions(): number {
    return this.pools.length;
  }

  /** 2 MiB pages that the host has had to split, because a part of them is shared or was. */
  get splitHostPages(): number {
    return this.#split.size;
  }

  /** Boot shares its pool in one call (`swiotlb_update_mem_attributes`). */
  shareBootPool(base: number, bytes: number): void {
    if (this.#encrypted) this.#convert(this.toShared, base / PAGE_BYTES, bytes / PAGE_BYTES);
  }

  /** Whether a coherent pool has asked for more memory. */
  get needsWork(): boolean {
    return this.pools.some((pool) => pool.needsWork);
  }

  /**
   * The background work of the coherent pools (`atomic_pool_work_fn`).
   *
   * @param asked is told of every block asked for, and of the zone bits.
   * @param refused is told when the host would not share the block just got.
   * @returns what was added.
   */
  work(
    asked?: (order: number, zone: GfpZone) => void,
    refused?: () => void,
  ): readonly PoolGrowth[] {
    const grown: PoolGrowth[] = [];
    // The kernel goes through them from the lowest zone up.
    for (const pool of this.pools.toReversed()) {
      const hooks: ExpandHooks = {
        asked: (order) => asked?.(order, pool.zone),
        shared: (growth) => {
          const isShared = this.#share(growth);
          if (!isShared) refused?.();
          return isShared;
        },
      };
      const growth = pool.work(hooks);
      if (growth !== null) grown.push(growth);
    }
    return grown;
  }

  allocPages(order: number, zone: GfpZone, maySleep: boolean): number {
    this.fromCma = maySleep && this.cma !== null;
    if (maySleep && this.cma !== null) {
      const first = this.cma.alloc(1 << order, order);
      return first === -1 ? -1 : first * PAGE_BYTES;
    }
    const pfn = this.allocator.alloc(order, maySleep ? SLEEPING[zone] : HURRIED[zone]);
    return pfn === -1 ? -1 : pfn * PAGE_BYTES;
  }

  /** Memory that a driver asks for in process context, from any zone, never from the CMA region. */
  allocOwn(order: number): number {
    const pfn = this.allocator.alloc(order, SLEEPING[0]);
    return pfn === -1 ? -1 : pfn * PAGE_BYTES;
  }

  freePages(order: number, addr: number): void {
    const shared = this.#shared.get(addr);
    if (shared !== undefined) {
      this.#shared.delete(addr);
      this.#convert(this.toPrivate, addr / PAGE_BYTES, shared);
    }
    const pfn = addr / PAGE_BYTES;
    if (this.cma?.holds(pfn) === true) this.cma.free(pfn, 1 << order);
    else this.allocator.free(pfn, order);
  }

  allocSlotArray(order: number, maySleep: boolean): boolean {
    const pfn = this.allocator.alloc(order, maySleep ? SLEEPING[0] : HURRIED[0]);
    if (pfn === -1) return false;
    const held = this.#slotArrays.get(order);
    if (held === undefined) this.#slotArrays.set(order, [pfn]);
    else held.push(pfn);
    return true;
  }

  /** @throws RangeError when no slot array of that order is held. */
  freeSlotArray(order: number): void {
    const pfn = this.#slotArrays.get(order)?.pop();
    if (pfn === undefined) throw new RangeError(`no slot array of order ${order} to free`);
    this.allocator.free(pfn, order);
  }

  decrypt(pages: number, addr: number): boolean {
    if (!this.#encrypted) return true;
    this.#shared.set(addr, pages);
    this.#convert(this.toShared, addr / PAGE_BYTES, pages);
    if (this.sharedPages <= this.#shareLimit) return true;
    // What was refused is made private again as it was asked for, when its pages are freed.
    this.refused++;
    return false;
  }

  coherentAlloc(region: number, bytes: number): number {
    const addr = this.#pool(region).alloc(bytes);
    if (addr === -1 && region === this.pools.length - 1) this.exhausted++;
    return addr;
  }

  coherentFree(region: number, bytes: number, addr: number): void {
    if (!this.#pool(region).free(addr, bytes)) {
      throw new RangeError(`address ${addr} is not of coherent pool ${region}`);
    }
  }

  keep(k: Keeper): void {
    k.fields(this.toShared);
    k.fields(this.toPrivate);
    this.sharedPages = k.value(this.sharedPages);
    this.fromCma = k.value(this.fromCma);
    this.exhausted = k.value(this.exhausted);
    this.refused = k.value(this.refused);
    k.copies(this.#slotArrays, (pfns) => [...pfns]);
    k.map(this.#shared);
    k.set(this.#split);
    for (const pool of this.pools) pool.keep(k);
    this.allocator.keep(k);
    this.cma?.keep(k);
  }

  #pool(region: number): CoherentPool {
    const pool = this.pools[region];
    if (pool === undefined) throw new RangeError(`no coherent pool ${region}`);
    return pool;
  }

  /** Shares a block for a coherent pool, or asks in vain and makes it private again. */
  readonly #share = ({ pfn, order }: PoolGrowth): boolean => {
    this.#convert(this.toShared, pfn, 1 << order);
    if (this.sharedPages <= this.#shareLimit) return true;
    this.refused++;
    this.#convert(this.toPrivate, pfn, 1 << order);
    return false;
  };

  /** Counts one call for `pages` from frame `pfn`: whole aligned 2 MiB go as one page each. */
  #convert(tally: ConversionTally, pfn: number, pages: number): void {
    const firstLarge = Math.ceil(pfn / PAGEBLOCK_PAGES);
    const endLarge = Math.floor((pfn + pages) / PAGEBLOCK_PAGES);
    const large = Math.max(endLarge - firstLarge, 0);
    tally.calls++;
    tally.largePages += large;
    tally.smallPages += pages - large * PAGEBLOCK_PAGES;
    this.sharedPages += tally === this.toShared ? pages : -pages;
    // Only the first and the last can be converted in part.
    const ends = [pfn, pfn + pages - 1].map((page) => Math.floor(page / PAGEBLOCK_PAGES));
    for (const block of ends) if (block < firstLarge || block >= endLarge) this.#split.add(block);
  }
}

/** Flags of the pool worker and of a request in a hurry, by zone bits. */
const SLEEPING: Readonly<Record<GfpZone, Gfp>> = byZone('kernel');
const HURRIED: Readonly<Record<GfpZone, Gfp>> = byZone('nowait');

function byZone(kind: 'kernel' | 'nowait'): Readonly<Record<GfpZone, Gfp>> {
  return { 0: gfp(kind, 0), 1: gfp(kind, 1), 4: gfp(kind, 4) };
}
