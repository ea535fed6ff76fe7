/**
 * One allocator: a list of pools and its counters. The default one, or one per restricted region.
 *
 * Follows struct io_tlb_mem, add_mem_pool(), inc_used_and_hiwater() and the debugfs files of
 * kernel/dma/swiotlb.c, Linux 6.12.
 */
import type { Pool } from './pool.ts';
import type { PolicyId } from './throttle-policies.ts';
import { Throttle } from './throttle.ts';
import type { Keeper } from './keeper.ts';

/** What sets one allocator apart from another. */
export interface MemOptions {
  /** Every device bounces, whatever it reaches (`force_bounce`). */
  readonly forceBounce: boolean;
  /** Serves page allocations too (`for_alloc`). */
  readonly forAlloc: boolean;
  /** Highest address a grown pool may have, `phys_limit`. */
  readonly physLimit: number;
  /** Who is throttled, and whom an unmap wakes. */
  readonly throttling: PolicyId;
  /** Name of the reserved region, which its directory in debugfs has too; left out: the default. */
  readonly name?: string;
}

/** One `io_tlb_mem`: its pools, newest first, and its counters. */
export class TlbMem {
  /** 0 is the default allocator. */
  readonly id: number;
  /** Name of the region it confines its devices to; empty for the default allocator. */
  readonly name: string;
  readonly forceBounce: boolean;
  readonly forAlloc: boolean;
  readonly physLimit: number;
  /** Cleared for good once somebody was told where the pool lies (`Swiotlb.defaultBase`). */
  canGrow: boolean;
  readonly throttle: Throttle;
  /** Newest pool: searched first. */
  head: Pool | null = null;
  /** Slots as the allocator was initialised: what its thresholds were computed from. */
  initialNslabs = 0;
  /** `io_tlb_nslabs`: slots of all pools, transient ones left out. */
  nslabs = 0;
  /** `io_tlb_used`: slots in use, transient ones included. */
  used = 0;
  /** `io_tlb_used_hiwater`. */
  hiwater = 0;
  /** `io_tlb_transient_nslabs`. */
  transientNslabs = 0;

  constructor(id: number, canGrow: boolean, options: MemOptions) {
    this.id = id;
    this.name = options.name ?? '';
    this.canGrow = canGrow;
    this.forceBounce = options.forceBounce;
    this.forAlloc = options.forAlloc;
    this.physLimit = options.physLimit;
    this.throttle = new Throttle(options.throttling);
  }

  /**
   * Puts a pool at the front of the list. The first one is what the allocator is initialised with:
   * its size sets the thresholds, and later pools do not move them.
   */
  add(pool: Pool): void {
    if (this.head === null) {
      this.initialNslabs = pool.nslabs;
      this.throttle.init(pool.nslabs);
    }
    pool.next = this.head;
    this.head = pool;
    this.nslabs += pool.nslabs;
  }

  /** Counts `slots` as taken. */
  take(slots: number): void {
    this.used += slots;
    if (this.used > this.hiwater) this.hiwater = this.used;
  }

  /** Counts `slots` as given back. */
  give(slots: number): void {
    this.used -= slots;
  }

  /**
   * A write to `io_tlb_used_hiwater`. Only 0 is accepted; it resets to 0, not to `used`, so the
   * mark may stand below the use until the next map.
   *
   * @returns false for anything else, the kernel's -EINVAL.
   */
  writeHiwater(value: number): boolean {
    if (value !== 0) return false;
    this.hiwater = 0;
    return true;
  }

  /**
   * What a kernel without CONFIG_DEBUG_FS reports as used in its warnings (`mem_used`): the areas of
   * this list summed up, transient pools left out. With it, `used` is reported.
   */
  usedWithoutDebugfs(): number {
    let used = 0;
    for (let pool = this.head; pool !== null; pool = pool.next) {
      for (const areaUsed of pool.areaUsed) used += areaUsed;
    }
    return used;
  }

  keep(k: Keeper): void {
    this.canGrow = k.value(this.canGrow);
    this.head = k.value(this.head);
    this.initialNslabs = k.value(this.initialNslabs);
    this.nslabs = k.value(this.nslabs);
    this.used = k.value(this.used);
    this.hiwater = k.value(this.hiwater);
    this.transientNslabs = k.value(this.transientNslabs);
    this.throttle.keep(k);
  }

  /** The pool of this list that holds `addr`, or null. */
  poolAt(addr: number): Pool | null {
    for (let pool = this.head; pool !== null; pool = pool.next) {
      if (addr >= pool.base && addr < pool.end) return pool;
    }
    return null;
  }
}
