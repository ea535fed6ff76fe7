/**
 * Which bytes a copy between a buffer and its bounce buffer moves.
 *
 * Follows swiotlb_bounce() in kernel/dma/swiotlb.c, Linux 6.12.
 */
import type { DmaDevice } from './device.ts';
import { SLOT_BYTES } from './geometry.ts';
import { bitsUnder } from './mask.ts';
import type { Pool } from './pool.ts';
import { NO_ADDRESS } from './units.ts';

/** A copy between `orig` and `tlb`, in the direction the caller wants. */
export interface Bounce {
  /** Address in the original buffer. */
  readonly orig: number;
  /** Address in the bounce buffer. */
  readonly tlb: number;
  readonly bytes: number;
  /** The caller wanted more than the mapping holds; the kernel warns once and copies less. */
  readonly clamped: boolean;
}

/**
 * The copy for `size` bytes at `tlb`, which may lie anywhere inside a mapping.
 *
 * @returns null when the slot holds no data: free, padding, or a page allocation.
 */
export function bounceOf(pool: Pool, device: DmaDevice, tlb: number, size: number): Bounce | null {
  const slot = Math.floor((tlb - pool.base) / SLOT_BYTES);
  const slotOrig = pool.table.origAddr(slot);
  if (slotOrig === NO_ADDRESS) return null;
  const { minAlignMask } = device.demands;
  const low = bitsUnder(slotOrig, Math.min(minAlignMask, SLOT_BYTES - 1));
  // Negative when the mapping's own offset is larger than the place in the slot.
  const behind = bitsUnder(tlb, SLOT_BYTES - 1) - low;
  const room = pool.table.allocSize(slot) - behind;
  // The kernel's room is unsigned: behind the mapping's end it wraps, and nothing is clamped.
  const clamped = room >= 0 && size > room;
  return { orig: slotOrig + behind, tlb, bytes: clamped ? room : size, clamped };
}

/** Whether a sync copies at all: 0 both ways, 1 to device, 2 from device. */
export function syncCopies(direction: number, forDevice: boolean): boolean {
  return direction === 0 || direction === (forDevice ? 1 : 2);
}
