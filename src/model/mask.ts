/**
 * 64-bit masks, turned once into what the model computes with.
 *
 * Follows DMA_BIT_MASK(), dma_get_min_align_mask() and dma_get_seg_boundary() in
 * include/linux/dma-mapping.h, Linux 6.12.
 *
 * Every mask the allocator meets is of the form 2^k - 1 ("all addresses below 2^k"). Those fit a
 * double up to 2^52; anything wider reaches every address the model can hold and becomes Infinity.
 */
import { ADDRESS_LIMIT } from './units.ts';

const HEX = /^0x[0-9a-f]{1,16}$/i;

/**
 * Reads a mask or limit written in hex, as the kernel prints it.
 *
 * @returns the value, or Infinity when it lies at or above 2^52 (no simulated address is beyond it).
 * @throws RangeError when `hex` is not `0x` and 1 to 16 hex digits.
 */
export function parseMask(hex: string): number {
  if (!HEX.test(hex)) throw new RangeError(`${JSON.stringify(hex.slice(0, 40))} is not a hex mask`);
  const value = Number.parseInt(hex.slice(2), 16);
  return value >= ADDRESS_LIMIT ? Infinity : value;
}

/** Like `parseMask`, but 0 means the driver never set it: no limit (`dma_get_seg_boundary`). */
export function parseBoundary(hex: string): number {
  const value = parseMask(hex);
  return value === 0 ? Infinity : value;
}

/**
 * The bits of an address under a mask of the form 2^k - 1: `addr & mask` beyond 32 bits. Exact for
 * addresses below 2^53, and several times faster than `%`, which divides.
 */
export function bitsUnder(addr: number, mask: number): number {
  const power = mask + 1;
  return addr - Math.floor(addr / power) * power;
}

/** Whether `mask` is 2^k - 1 for a k of 0 to 52, or Infinity. */
export function isLowMask(mask: number): boolean {
  // Most maps ask for no alignment of their own: nothing to halve for them.
  if (mask === 0 || mask === Infinity) return true;
  if (!Number.isSafeInteger(mask) || mask < 0) return false;
  let power = mask + 1;
  while (power % 2 === 0) power /= 2;
  return power === 1;
}
