/**
 * A pool: contiguous slots cut into areas, each with its own lock, use count and hint.
 *
 * Follows struct io_tlb_pool, struct io_tlb_area and swiotlb_init_io_tlb_pool() in Linux 6.12.
 */
import { FastTable } from './fast-table.ts';
import { PAGE_BYTES, SLOT_BYTES } from './geometry.ts';
import type { Keeper } from './keeper.ts';
import { ReferenceTable } from './reference-table.ts';
import type { SlotTable } from './slot-table.ts';

/** Where a pool came from: boot, a reserved region, the growth worker, or one request. */
export type PoolKind = 'default' | 'restricted' | 'dynamic' | 'transient';

/** Which slot table a machine uses; both decide the same. */
export type SearchKind = 'fast' | 'reference';

/** Where a pool lies and how it is cut; what it takes to make one. */
export interface PoolSpec {
  /** Address of slot 0, page-aligned. */
  readonly base: number;
  readonly nslabs: number;
  readonly nareas: number;
  readonly kind: PoolKind;
}

/** A live pool. Its arrays are written by `swiotlb.ts` and its table only. `throttled` is of the RFC. */
export interface Pool extends PoolSpec {
  /** Counted from 0 in the order of appearing; never used again. */
  readonly id: number;
  /** First address behind the pool. */
  readonly end: number;
  /** Slots in each area. */
  readonly areaNslabs: number;
  /** `area.used`, and `area.index` counted from the area's first slot. */
  readonly areaUsed: Uint32Array;
  readonly areaIndex: Uint32Array;
  readonly table: SlotTable;
  /** Per slot, 1 on the first non-padding slot of a mapping whose request was throttled. */
  readonly throttled: Uint8Array;
  /** Next older pool in search order. Set by `TlbMem` only. */
  next: Pool | null;
}

/**
 * Makes an empty pool.
 *
 * More areas than slots leave areas of no slots, in which nothing is ever found; the kernel makes
 * such pools after odd command lines.
 *
 * @throws RangeError when the base is not page-aligned, or there are no slots or no areas.
 */
export function createPool(id: number, spec: PoolSpec, search: SearchKind): Pool {
  const { base, nslabs, nareas } = spec;
  if (!Number.isSafeInteger(base) || base < 0 || base % PAGE_BYTES !== 0) {
    throw new RangeError(`pool at ${base} is not page-aligned`);
  }
  if (!Number.isInteger(nareas) || nareas < 1 || !Number.isInteger(nslabs) || nslabs < 1) {
    throw new RangeError(`${nslabs} slots do not make ${nareas} areas`);
  }
  return {
    ...spec,
    id,
    end: base + nslabs * SLOT_BYTES,
    areaNslabs: Math.floor(nslabs / nareas),
    areaUsed: new Uint32Array(nareas),
    areaIndex: new Uint32Array(nareas),
    table: search === 'fast' ? new FastTable(nslabs) : new ReferenceTable(nslabs),
    throttled: new Uint8Array(nslabs),
    next: null,
  };
}

/** Bytes a slot of a pool takes in memory, with what the engine keeps beside it, about. */
const BYTES_PER_SLOT = 32;

/** Keeps what changes in a pool. */
export function keepPool(k: Keeper, pool: Pool): void {
  k.holds(pool, pool.nslabs * BYTES_PER_SLOT);
  k.array(pool.areaUsed);
  k.array(pool.areaIndex);
  pool.table.keep(k);
  k.sparse(pool.throttled);
  pool.next = k.value(pool.next);
}
