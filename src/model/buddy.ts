/**
 * Splitting and growing together of free blocks.
 *
 * Follows __rmqueue_smallest(), expand(), __free_one_page() and buddy_merge_likely() in
 * mm/page_alloc.c, Linux 6.12. It differs in leaving out guard pages and page reporting.
 */
import { MAX_PAGE_ORDER } from './geometry.ts';
import { isMergeable } from './migrate-type.ts';
import { FREE, PAGEBLOCK_ORDER, TAIL } from './page-map.ts';
import type { Zone } from './zone.ts';

/** Splits the block at `index` down from `high` to `order`; the upper halves go on the lists. */
export function expand(zone: Zone, index: number, high: number, order: number, type: number): void {
  for (let size = high - 1; size >= order; size--) {
    zone.link(index + (1 << size), size, type, false);
  }
}

/**
 * Takes the first block of the smallest order that will do from the lists of one kind.
 *
 * @returns its index, or -1. Its state is left to the caller.
 */
export function takeSmallest(zone: Zone, order: number, type: number): number {
  const orders = zone.ordersFrom(order, type);
  if (orders === 0) return -1;
  const size = 31 - Math.clz32(orders & -orders);
  const index = zone.first(size, type);
  zone.unlink(index, size, type);
  zone.account(-(1 << order), type);
  expand(zone, index, size, order, type);
  return index;
}

/**
 * Gives a block back and lets it grow together with its buddies as far as it goes.
 *
 * The kind is that of its pageblock. A block whose next buddy up is free too goes to the tail of
 * its list, so that it is taken last and may grow on.
 *
 * @param toTail puts it to the tail in any case (`FPI_TO_TAIL`), as boot does.
 */
export function giveBlock(zone: Zone, index: number, order: number, toTail = false): void {
  const { state, blockType } = zone.pages;
  const type = blockType[index >>> PAGEBLOCK_ORDER] as number;
  zone.account(1 << order, type);
  let at = index;
  let size = order;
  while (size < MAX_PAGE_ORDER) {
    const buddy = at ^ (1 << size);
    if (state[buddy] !== (FREE | size)) break;
    const buddyType = blockType[buddy >>> PAGEBLOCK_ORDER] as number;
    if (buddyType !== type) {
      // Only whole pageblocks can differ: below them both halves are of one pageblock.
      if (!isMergeable(type) || !isMergeable(buddyType)) break;
      blockType[buddy >>> PAGEBLOCK_ORDER] = type;
    }
    zone.unlink(buddy, size, buddyType);
    state[buddy] = TAIL;
    state[at] = TAIL;
    at &= ~(1 << size);
    size++;
  }
  zone.link(at, size, type, toTail || mayGrowSoon(state, at, size));
}

/** Whether the block's buddy, once free, would grow together with a free block of the next order. */
function mayGrowSoon(state: Uint8Array, index: number, order: number): boolean {
  if (order >= MAX_PAGE_ORDER - 1) return false;
  const parent = index & ~(1 << order);
  return state[parent ^ (2 << order)] === (FREE | (order + 1));
}
