/** A pool that a recording shows to be added, as the attempt that got it. */
import type { CountedAttempt } from '../engine/growth-totals.ts';
import { MAX_ORDER_SLOTS, roundUp, SEGMENT_SLOTS } from '../model/geometry.ts';

const REFUSED = { path: 'failed' };

/**
 * The worker's attempt. A recording has only its end, yet every halving says that an order was
 * refused: swiotlb_alloc_pool() in kernel/dma/swiotlb.c, Linux 6.12.
 *
 * @param nslabs slots of the pool it got.
 * @param initial slots of the default pool, which it asked for first.
 */
export function recordedAttempt(nslabs: number, initial: number): CountedAttempt {
  const tries: { readonly path: string }[] = [];
  let wanted = Math.min(initial, MAX_ORDER_SLOTS);
  while (wanted > nslabs) {
    tries.push(REFUSED);
    wanted = roundUp(Math.floor(wanted / 2), SEGMENT_SLOTS);
    if (wanted === SEGMENT_SLOTS) break;
  }
  return { by: 'worker', slots: nslabs, tries };
}
