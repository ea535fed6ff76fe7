import { SLOT_BYTES } from '../model/geometry.ts';
import { EVENT, type EventColumns } from './recording.ts';

/** Widest mask inferred: the widest a driver of Linux 6.12 sets. */
const WIDEST_BITS = 16;
/** Low bits that are compared. */
const ALL_BITS = 32;

export interface InferredMask {
  readonly mask: number;
  /** The maps agree in more bits than any driver asks for, so there were too few to tell. */
  readonly isCapped: boolean;
}

/**
 * Reads a device's `min_align_mask` off the kernel's decisions: the bounce address keeps the masked
 * low bits of the original one. 0 if every bounce address starts a slot, else the largest 2^k - 1
 * on which original and bounce address agree in every successful map.
 */
export function inferMinAlignMask(
  events: EventColumns,
  count: number,
  device: number,
): InferredMask {
  let agreeing = ALL_BITS;
  let slotAligned = true;
  for (let row = 0; row < count; row++) {
    if (events.kind[row] !== EVENT.map || events.device[row] !== device) continue;
    const result = events.result[row] ?? -1;
    if (result < 0) continue;
    if (result % SLOT_BYTES !== 0) slotAligned = false;
    agreeing = Math.min(agreeing, agreeingBits(events.addr[row] ?? 0, result));
  }
  if (slotAligned) return { mask: 0, isCapped: false };
  const isCapped = agreeing > WIDEST_BITS;
  return { mask: 2 ** Math.min(agreeing, WIDEST_BITS) - 1, isCapped };
}

/** Low bits, at most 32, in which two addresses agree. */
function agreeingBits(one: number, other: number): number {
  const different = (one % 2 ** 32) ^ (other % 2 ** 32);
  // The lowest set bit alone; its leading zeros say where it stands.
  return different === 0 ? ALL_BITS : 31 - Math.clz32(different & -different);
}
