import { SLOT_BYTES } from '../model/geometry.ts';
import { EVENT, type EventColumns } from './recording.ts';

/** Widest mask inferred: the widest a driver of Linux 6.12 sets. */
const WIDEST_BITS = 16;

/**
 * Reads a device's `min_align_mask` off the kernel's decisions: the bounce address keeps the masked
 * low bits of the original one. 0 if every bounce address starts a slot, else the largest 2^k - 1
 * on which original and bounce address agree in every successful map.
 */
export function inferMinAlignMask(events: EventColumns, count: number, device: number): number {
  let agreeing = WIDEST_BITS;
  let slotAligned = true;
  for (let row = 0; row < count; row++) {
    if (events.kind[row] !== EVENT.map || events.device[row] !== device) continue;
    const result = events.result[row] ?? -1;
    if (result < 0) continue;
    if (result % SLOT_BYTES !== 0) slotAligned = false;
    agreeing = Math.min(agreeing, agreeingBits(events.addr[row] ?? 0, result));
  }
  return slotAligned ? 0 : 2 ** agreeing - 1;
}

/** Low bits, at most 32, in which two addresses agree. */
function agreeingBits(one: number, other: number): number {
  const different = (one % 2 ** 32) ^ (other % 2 ** 32);
  // The lowest set bit alone; its leading zeros say where it stands.
  return different === 0 ? 32 : 31 - Math.clz32(different & -different);
}
