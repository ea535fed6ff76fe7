/**
 * The sizes everything is counted in.
 *
 * Follows include/linux/swiotlb.h and kernel/dma/swiotlb.c, Linux 6.12, x86-64 with 4 KiB pages.
 */
import type { Bytes, SlotCount } from './units.ts';

/** log2 of `SLOT_BYTES`, `IO_TLB_SHIFT`. */
export const SLOT_SHIFT = 11;
/** Size of one slot, `IO_TLB_SIZE`: 2 KiB. */
export const SLOT_BYTES = 2048 as Bytes;
/** Slots in one segment, `IO_TLB_SEGSIZE`: 256 KiB. No allocation crosses a segment edge. */
export const SEGMENT_SLOTS = 128 as SlotCount;
/** Largest single allocation: one whole segment, 256 KiB. */
export const SEGMENT_BYTES = 262_144 as Bytes;
/** Page size of the simulated machine, `PAGE_SIZE`. */
export const PAGE_BYTES = 4096 as Bytes;
/** Slots of a pool nobody asked a size for, `IO_TLB_DEFAULT_SIZE >> IO_TLB_SHIFT`: 64 MiB. */
export const DEFAULT_POOL_SLOTS = 32_768 as SlotCount;
/** Smallest pool the kernel settles for, `IO_TLB_MIN_SLABS`: 1 MiB. */
export const MIN_POOL_SLOTS = 512 as SlotCount;
/** Largest block of the page allocator, `MAX_PAGE_ORDER`: 2^10 pages = 4 MiB = 2048 slots. */
export const MAX_PAGE_ORDER = 10;
/** `NR_PAGE_ORDERS`: orders 0 to 10. */
export const PAGE_ORDERS = MAX_PAGE_ORDER + 1;
/** Slots in the largest block of the page allocator. */
export const MAX_ORDER_SLOTS = 2048 as SlotCount;
/** Bytes of one `struct io_tlb_slot`: u64 + u64 + u16 + u16, padded. */
export const SLOT_DESCRIPTOR_BYTES = 24 as Bytes;

/** `value` rounded up to a multiple of `step`. Both positive and exact below 2^53. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

/** The smallest power of two that is at least `value`; 1 for 0. */
export function roundUpPowerOfTwo(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

/** The page allocator's order for `bytes` (`get_order`): the smallest 2^order pages that hold them. */
export function pageOrder(bytes: number): number {
  let order = 0;
  while (PAGE_BYTES * 2 ** order < bytes) order++;
  return order;
}
