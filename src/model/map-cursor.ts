/**
 * A map on its way through the areas: one per CPU that is mapping, filled again for each map.
 *
 * Follows the loops of swiotlb_find_slots() and the arithmetic of swiotlb_tbl_map_single() in
 * kernel/dma/swiotlb.c, Linux 6.12, cut at every area lock, because between two of them other CPUs
 * get their turn.
 */
import type { DmaDevice } from './device.ts';
import { PAGE_BYTES, pageOrder, SLOT_BYTES } from './geometry.ts';
import { bitsUnder, isLowMask } from './mask.ts';
import type { Pool } from './pool.ts';
import { SearchTerms } from './search-terms.ts';
import { FAILED } from './units.ts';
import type { Keeper } from './keeper.ts';

/** Why a map failed; `none` while it has not. */
export type FailCause =
  | 'none'
  /** Larger than a segment: no pool can ever serve it. */
  | 'too-large'
  /** The allocator has no pool. */
  | 'no-pool'
  /** No area looked at has that many free slots. */
  | 'no-room'
  /** Free slots enough in an area, but no run that the search can reach. */
  | 'fragmented'
  /** Placed, then found to lie beyond what the device reaches, and undone. */
  | 'out-of-reach';

export class MapCursor {
  readonly terms = new SearchTerms();
  cpu = 0;
  /** Address of the data; 0 = none to line up with. */
  orig = 0;
  size = 0;
  /** False for an allocation: memory itself instead of a place for data that lies elsewhere. */
  hasData = true;
  /** Where the data starts in the run: `orig & min_align_mask & (alloc_align_mask | 2047)`. */
  offset = 0;
  /** Bytes to reserve, offset and padding included. */
  total = 0;
  /** The pool and area to lock and search next; no pool when all were searched. */
  pool: Pool | null = null;
  area = 0;
  /** Dynamic build: how far from the CPU's own area; else: areas searched so far. */
  turn = 0;
  /** First slot of the run found, padding included; -1 so far. */
  slot = -1;
  /** Slots the kernel's scan looked at in all, and areas locked. */
  probes = 0;
  areas = 0;
  cause: FailCause = 'none';
  /** The request was throttled, which its first slot will say. To be set between `ask` and `finish`. */
  throttled = false;
  #device: DmaDevice | null = null;

  /**
   * Asks for a map, as `swiotlb_tbl_map_single` works it out. `allocAlignMask` is 0 or 2^k - 1.
   *
   * @throws RangeError for a mask of another form, and for 0 bytes without an offset, a BUG in the
   * kernel.
   */
  ask(device: DmaDevice, cpu: number, orig: number, size: number, allocAlignMask: number): void {
    if (!isLowMask(allocAlignMask) || allocAlignMask >= 2 ** 32) {
      throw new RangeError(`alloc_align_mask ${allocAlignMask} is not 2^k - 1 below 2^32`);
    }
    const kept = Math.min(device.demands.minAlignMask, Math.max(allocAlignMask, SLOT_BYTES - 1));
    const offset = kept === 0 ? 0 : bitsUnder(orig, kept);
    const align = allocAlignMask + 1;
    const bytes = size + offset;
    const total = align === 1 ? bytes : Math.ceil(bytes / align) * align;
    this.#set(device, cpu, orig, total);
    this.hasData = true;
    this.size = size;
    this.offset = offset;
    this.terms.ask(device.demands, orig, total, allocAlignMask);
  }

  /**
   * Asks for `size` bytes of memory itself, as `swiotlb_alloc` does: aligned to the power of two of
   * pages that holds them, no data to line up with.
   */
  askPages(device: DmaDevice, cpu: number, size: number): void {
    this.#set(device, cpu, 0, size);
    this.hasData = false;
    this.size = size;
    this.offset = 0;
    this.terms.ask(device.demands, 0, size, PAGE_BYTES * 2 ** pageOrder(size) - 1);
  }

  #set(device: DmaDevice, cpu: number, orig: number, total: number): void {
    if (!(total > 0)) throw new RangeError(`a map of ${total} bytes`);
    this.#device = device;
    this.cpu = cpu;
    this.orig = orig;
    this.total = total;
    this.pool = null;
    this.slot = -1;
    this.turn = 0;
    this.probes = 0;
    this.areas = 0;
    this.cause = 'none';
    this.throttled = false;
  }

  /** Whose map this is. @throws RangeError before `ask`. */
  get device(): DmaDevice {
    if (this.#device === null) throw new RangeError('nothing was asked of this cursor');
    return this.#device;
  }

  keep(k: Keeper): void {
    this.terms.keep(k);
    this.cpu = k.value(this.cpu);
    this.orig = k.value(this.orig);
    this.size = k.value(this.size);
    this.hasData = k.value(this.hasData);
    this.offset = k.value(this.offset);
    this.total = k.value(this.total);
    this.pool = k.value(this.pool);
    this.area = k.value(this.area);
    this.turn = k.value(this.turn);
    this.slot = k.value(this.slot);
    this.probes = k.value(this.probes);
    this.areas = k.value(this.areas);
    this.cause = k.value(this.cause);
    this.throttled = k.value(this.throttled);
    this.#device = k.value(this.#device);
  }

  /** Goes to the first area. @returns false when there is none to search. */
  enter(dynamic: boolean, defaultNareas: number): boolean {
    const { head } = this.device.mem;
    // The dynamic build counts areas by the default pool's wish, also for restricted pools.
    if (head === null || (dynamic && defaultNareas === 0)) return false;
    this.pool = head;
    this.area = this.cpu & (head.nareas - 1);
    return true;
  }

  /** Goes to the next area in the kernel's order. @returns false when all were searched. */
  advance(dynamic: boolean, defaultNareas: number): boolean {
    return dynamic ? this.#advancePools(defaultNareas) : this.#advanceAreas();
  }

  /** One pool: its areas in a ring, from the CPU's own. */
  #advanceAreas(): boolean {
    const { pool } = this;
    if (pool === null) return false;
    this.area = this.area + 1 >= pool.nareas ? 0 : this.area + 1;
    if (this.area !== (this.cpu & (pool.nareas - 1))) return true;
    this.pool = null;
    return false;
  }

  /** Many pools: the CPU's own area in all of them, newest first, before the next area in any. */
  #advancePools(defaultNareas: number): boolean {
    let pool = this.pool === null ? null : this.pool.next;
    for (;;) {
      while (pool !== null && this.turn >= pool.nareas) pool = pool.next;
      if (pool !== null) break;
      this.turn++;
      if (this.turn >= defaultNareas) {
        this.pool = null;
        return false;
      }
      pool = this.device.mem.head;
    }
    this.pool = pool;
    this.area = (this.cpu + this.turn) & (pool.nareas - 1);
    return true;
  }
}

/** What a finished map came to; one object, filled again. */
export interface MapOutcome {
  /** Bus address of the data, or FAILED. */
  tlb: number;
  pool: Pool | null;
  /** First slot taken, padding included. */
  slot: number;
  nslots: number;
  padSlots: number;
  probes: number;
  areas: number;
  cause: FailCause;
  /** The growth worker was queued, or already was. */
  kicked: boolean;
  /** Served by a transient pool made for it. */
  transient: boolean;
  /** Its request was throttled. */
  throttled: boolean;
}

/** What an unmap will free; one object, filled again. */
export interface Release {
  pool: Pool | null;
  area: number;
  /** First slot, padding included, and the one where the data starts. */
  slot: number;
  dataSlot: number;
  nslots: number;
  /** Set by `release`: whether the mapping's request had been throttled. */
  throttled: boolean;
}

/** Before any map. */
export const NO_OUTCOME: Readonly<MapOutcome> = {
  tlb: FAILED,
  pool: null,
  slot: -1,
  nslots: 0,
  padSlots: 0,
  probes: 0,
  areas: 0,
  cause: 'none',
  kicked: false,
  transient: false,
  throttled: false,
};

/** Before any unmap. */
export const NO_RELEASE: Readonly<Release> = {
  pool: null,
  area: 0,
  slot: -1,
  dataSlot: -1,
  nslots: 0,
  throttled: false,
};
